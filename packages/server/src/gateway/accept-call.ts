import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { decodeBody } from './decode-body.js';
import type { GatewayProblem } from './error-answers.js';
import type { GatewayContext } from './gateway-context.js';
import { refuseCaller } from './guard.js';
import { multipartBoundary, MultipartFields } from './multipart-fields.js';
import { formApis, formMembers } from './priced-request.js';
import { readHeaders } from './read-headers.js';
import { readRequestFacts, type RequestFacts } from './request-facts.js';
import type { Route } from './route.js';
import { refuse, sendCall, type Arrival } from './send-call.js';

const noFacts: RequestFacts = {
  model: null,
  stream: false,
  includeUsage: null,
  maxOutputTokens: null,
  choices: 1,
  modifiers: undefined,
  history: null,
  tags: [],
  scanned: null,
};

const unreadFacts: RequestFacts = { ...noFacts, unread: true };

/** Takes a request whose provider is known: checks the caller, reads headers and body, hands it on. */
export function acceptCall(
  gateway: GatewayContext,
  incoming: IncomingMessage,
  response: ServerResponse,
  route: Route,
): void {
  const read = readHeaders(incoming.rawHeaders, gateway.allowedBaggage);
  const arrival = { arrived: performance.now(), startedAt: Date.now(), read };
  const refusal = refuseCaller(read, gateway.settings);
  if (refusal !== null) return refuse(gateway, response, route, refusal);
  if (route.api === null) {
    // Uploads and downloads of any size pass through without being held in memory.
    const body = read.hasBody ? incoming : null;
    return sendCall(gateway, incoming, response, route, { ...arrival, body, facts: noFacts });
  }
  if (formApis.has(route.api)) {
    const boundary = multipartBoundary(incoming.headers['content-type']);
    if (boundary !== null) {
      return sendForm(gateway, incoming, response, route, { ...arrival, boundary });
    }
  }
  const limit = gateway.settings.max_body_bytes;
  if ((read.contentLength ?? 0) > limit) return refuse(gateway, response, route, tooLarge(limit));
  collectBody(incoming, limit, (body) => {
    if (body === null) return refuse(gateway, response, route, tooLarge(limit));
    if (read.encodedBody) {
      return sendEncoded(gateway, incoming, response, route, { ...arrival, encoded: body });
    }
    sendCall(gateway, incoming, response, route, {
      ...arrival,
      body,
      facts: readRequestFacts(body),
    });
  });
}

/** A compressed request is read like any other, and passes unread where nothing here can decode it. */
function sendEncoded(
  gateway: GatewayContext,
  incoming: IncomingMessage,
  response: ServerResponse,
  route: Route,
  { encoded, ...arrival }: Omit<Arrival, 'body' | 'facts'> & { encoded: Buffer },
): void {
  const encoding = incoming.headers['content-encoding'] ?? '';
  decodeBody(encoded, encoding, gateway.settings.max_body_bytes, (decoded) => {
    if (response.destroyed) return;
    if ('problem' in decoded) return refuse(gateway, response, route, decoded.problem);
    const { plain } = decoded;
    if (plain !== null) {
      const facts = readRequestFacts(plain);
      return sendCall(gateway, incoming, response, route, {
        ...arrival,
        encoded,
        body: plain,
        facts,
      });
    }
    arrival.read.problems.push(
      `the request could not be read for tags, estimate and limits: content-encoding ${encoding} is not known here`,
    );
    sendCall(gateway, incoming, response, route, { ...arrival, body: encoded, facts: unreadFacts });
  });
}

/** A form with files passes as it comes; its short fields are read on the way. */
function sendForm(
  gateway: GatewayContext,
  incoming: IncomingMessage,
  response: ServerResponse,
  route: Route,
  { boundary, ...arrival }: Omit<Arrival, 'body' | 'facts'> & { boundary: string },
): void {
  const form = new MultipartFields(boundary, formMembers);
  // Should the client leave, the form ends in an error, and with it the call.
  pipeline(incoming, form, () => {});
  sendCall(gateway, incoming, response, route, { ...arrival, body: form, facts: noFacts });
}

function tooLarge(limit: number): GatewayProblem {
  return {
    status: 413,
    code: 'body_too_large',
    message: `The request is larger than ${limit} bytes. Raise \`gateway.max_body_bytes\` in farthing.yaml if it should pass.`,
  };
}

/** Calls back once with the whole body, or with null when it exceeds `limit`; never when the client leaves first. */
function collectBody(
  incoming: IncomingMessage,
  limit: number,
  done: (body: Buffer | null) => void,
): void {
  let chunks: Buffer[] = [];
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else if (chunks.length > 0) {
      chunks = [];
      done(null);
    }
  });
  incoming.on('end', () => {
    if (size <= limit) done(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
  });
  incoming.on('error', () => {});
}
