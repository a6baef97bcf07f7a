import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { entrySchema, TagCollector, type CallContext, type OpenedLine } from '@farthing/core';
import { uuidv7 } from 'uuidv7';
import { bookBatch } from './book-batch.js';
import { Call } from './call.js';
import { estimateTokens } from './estimate.js';
import type { GatewayProblem } from './error-answers.js';
import type { GatewayContext } from './gateway-context.js';
import { refuseCaller } from './guard.js';
import { includeUsage } from './include-usage.js';
import { azureDeployment } from './metered-api.js';
import { multipartBoundary, MultipartFields } from './multipart-fields.js';
import { formApis, formMembers, pricedRequest } from './priced-request.js';
import type { Provider } from './providers.js';
import { readHeaders, type ReadHeaders } from './read-headers.js';
import { readRequestFacts, type RequestFacts } from './request-facts.js';
import type { Route } from './route.js';

const noFacts: RequestFacts = {
  model: null,
  stream: false,
  includeUsage: null,
  maxOutputTokens: null,
  tags: [],
  scanned: null,
};

/** Takes a request whose provider is known: checks the caller, reads tags, journals, sends it on. */
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
    const bytes = read.contentLength ?? 0;
    return send(gateway, incoming, response, route, { ...arrival, body, facts: noFacts, bytes });
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
    const facts = read.encodedBody ? noFacts : readRequestFacts(body);
    send(gateway, incoming, response, route, { ...arrival, body, facts, bytes: body.length });
  });
}

/** A form with files passes as it comes; its short fields are read on the way. */
function sendForm(
  gateway: GatewayContext,
  incoming: IncomingMessage,
  response: ServerResponse,
  route: Route,
  { boundary, ...arrival }: Omit<Arrival, 'body' | 'facts' | 'bytes'> & { boundary: string },
): void {
  const form = new MultipartFields(boundary, formMembers);
  // Should the client leave, the form ends in an error, and with it the call.
  pipeline(incoming, form, () => {});
  const bytes = arrival.read.contentLength ?? 0;
  send(gateway, incoming, response, route, { ...arrival, body: form, facts: noFacts, bytes });
}

interface Arrival {
  read: ReadHeaders;
  body: Buffer | Readable | null;
  facts: RequestFacts;
  bytes: number;
  /** `performance.now()`, for durations. */
  arrived: number;
  /** Milliseconds since the epoch, for the record. */
  startedAt: number;
}

function send(
  gateway: GatewayContext,
  incoming: IncomingMessage,
  response: ServerResponse,
  route: Route,
  arrival: Arrival,
): void {
  const { read, body, facts, arrived } = arrival;
  const begin = performance.now();
  const refusal = refuseUnrecorded(gateway);
  if (refusal !== null) return refuse(gateway, response, route, refusal);
  const collector = collectTags(gateway, facts, read);
  const opened = openedLine(route, arrival, collector);
  const line = gateway.journal.failure === null ? gateway.journal.opened(opened) : null;
  const isBuffer = Buffer.isBuffer(body);
  const edited = isBuffer && mayAskForUsage(route) ? includeUsage(body, facts) : null;
  const headers = upstreamHeaders(read, route.provider, edited !== null, !isBuffer);
  const isBatch = route.batch !== null && line !== null;
  const call = new Call({
    gateway,
    incoming,
    response,
    route,
    opened,
    context: isBuffer ? contextOf(route, body) : route.context,
    form: body instanceof MultipartFields ? body.fields : null,
    line,
    arrived,
    batch: isBatch ? bookBatch({ gateway, route, opened, headers: [...headers] }) : null,
    withholdUsage: edited !== null,
    warnings:
      read.problems.length === 0 ? collector.problems : [...read.problems, ...collector.problems],
  });
  gateway.metrics.overhead(performance.now() - begin);
  gateway.dispatcher(route.provider).dispatch(
    {
      origin: route.provider.origin,
      path: route.upstreamPath,
      method: incoming.method as 'POST',
      headers,
      body: edited ?? body,
      headersTimeout: gateway.settings.upstream_timeout_ms,
      bodyTimeout: gateway.settings.upstream_timeout_ms,
    },
    call,
  );
}

/** The APIs whose streams state usage only when they are asked to, at providers that can be asked. */
function mayAskForUsage({ api, provider }: Route): boolean {
  return (api === 'chat.completions' || api === 'completions') && provider.asksForUsage;
}

/** What sets the price beside the answer. For most APIs that is what the provider's configuration says. */
function contextOf(route: Route, body: Buffer): CallContext | undefined {
  const request = route.api === null ? undefined : pricedRequest(route.api, body);
  return request === undefined ? route.context : { ...route.context, request };
}

/** Later wins: configured defaults, the body's own tags, the headers'. The user leaves here as a pseudonym. */
function collectTags(
  gateway: GatewayContext,
  facts: RequestFacts,
  read: ReadHeaders,
): TagCollector {
  const collector = new TagCollector();
  for (const name in gateway.defaultTags) collector.set(name, gateway.defaultTags[name]!);
  for (const [name, value] of facts.tags) collector.set(name, value);
  for (const [name, value] of read.tags) collector.set(name, value);
  const { tags } = collector;
  if (tags.user !== undefined) {
    const pseudonym = gateway.pseudonymize(tags.user);
    if (pseudonym === null) delete tags.user;
    else tags.user = pseudonym;
  }
  return collector;
}

function openedLine(route: Route, arrival: Arrival, { tags }: TagCollector): OpenedLine {
  const { facts, bytes, read, startedAt } = arrival;
  const api = route.api ?? 'unmetered';
  return {
    type: 'opened',
    schema: entrySchema,
    id: uuidv7(),
    source: 'gateway',
    started_at: new Date(startedAt).toISOString(),
    provider: route.provider.name,
    api,
    stream: facts.stream || route.streamPath,
    model_requested: route.model ?? facts.model ?? azureDeployment(route.path),
    attempt: read.attempt,
    estimate: estimateTokens(api, bytes, facts.maxOutputTokens),
    tags,
  };
}

function upstreamHeaders(
  read: ReadHeaders,
  provider: Provider,
  plain: boolean,
  streamed: boolean,
): string[] {
  const headers = read.forward;
  if (!read.hasKey && provider.apiKey !== undefined) {
    const { keyHeader, apiKey } = provider;
    headers.push(keyHeader, keyHeader === 'authorization' ? `Bearer ${apiKey}` : apiKey);
  }
  // What is not held in memory is sent with the length that the client announced, if it did.
  if (streamed && read.hasBody && read.contentLength !== null) {
    headers.push('content-length', String(read.contentLength));
  }
  // A chunk can only be withheld from a stream that is not compressed.
  return plain ? withoutCompression(headers) : headers;
}

function withoutCompression(headers: string[]): string[] {
  const list = ['accept-encoding', 'identity'];
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]!.toLowerCase() !== 'accept-encoding')
      list.push(headers[index]!, headers[index + 1]!);
  }
  return list;
}

function refuseUnrecorded({ journal, settings }: GatewayContext): GatewayProblem | null {
  if (journal.failure === null || settings.on_full_disk === 'pass-unrecorded') return null;
  return {
    status: 503,
    code: 'journal_unwritable',
    message: `Farthing cannot record this call, so it was not sent: ${journal.failure.message}. Free space on the disk of the data directory, or set \`gateway.on_full_disk: pass-unrecorded\`.`,
  };
}

function tooLarge(limit: number): GatewayProblem {
  return {
    status: 413,
    code: 'body_too_large',
    message: `The request is larger than ${limit} bytes. Raise \`gateway.max_body_bytes\` in farthing.yaml if it should pass.`,
  };
}

/** Answers in the API's own error shape. What is left of the request is not read: the connection ends. */
function refuse(
  gateway: GatewayContext,
  response: ServerResponse,
  route: Route,
  problem: GatewayProblem,
): void {
  gateway.metrics.refused(problem.code);
  response.shouldKeepAlive = false;
  gateway.answerProblem(response, route.provider.family, problem, uuidv7());
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
