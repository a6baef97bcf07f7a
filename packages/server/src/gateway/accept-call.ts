import type { IncomingMessage, ServerResponse } from 'node:http';
import { entrySchema, TagCollector, type OpenedLine } from '@farthing/core';
import { uuidv7 } from 'uuidv7';
import { Call } from './call.js';
import { estimateTokens } from './estimate.js';
import type { GatewayContext } from './gateway-context.js';
import { refuseCaller } from './guard.js';
import { includeUsage } from './include-usage.js';
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
  const arrived = performance.now();
  const startedAt = new Date();
  const metered = route.api !== null;
  const length = Number(incoming.headers['content-length'] ?? 0);
  if (metered && length > gateway.settings.max_body_bytes)
    return refuseLarge(gateway, response, route);
  if (!metered) {
    // Uploads and downloads of any size pass through without being held in memory.
    const body =
      incoming.headers['content-length'] !== undefined ||
      incoming.headers['transfer-encoding'] !== undefined
        ? incoming
        : null;
    send(gateway, incoming, response, route, {
      body,
      facts: noFacts,
      bytes: length,
      arrived,
      startedAt,
    });
    return;
  }
  collectBody(incoming, gateway.settings.max_body_bytes, (body) => {
    if (body === null) return refuseLarge(gateway, response, route);
    const facts =
      incoming.headers['content-encoding'] === undefined ? readRequestFacts(body) : noFacts;
    send(gateway, incoming, response, route, {
      body,
      facts,
      bytes: body.length,
      arrived,
      startedAt,
    });
  });
}

interface Arrival {
  body: Buffer | IncomingMessage | null;
  facts: RequestFacts;
  bytes: number;
  arrived: number;
  startedAt: Date;
}

function send(
  gateway: GatewayContext,
  incoming: IncomingMessage,
  response: ServerResponse,
  route: Route,
  { body, facts, bytes, arrived, startedAt }: Arrival,
): void {
  const begin = performance.now();
  const id = uuidv7();
  const collector = new TagCollector();
  for (const name in gateway.defaultTags) collector.set(name, gateway.defaultTags[name]!);
  for (const [name, value] of facts.tags) collector.set(name, value);
  const read = readHeaders(incoming.rawHeaders, collector, gateway.allowedBaggage);
  const refusal =
    refuseCaller(incoming.headers, read.token, gateway.settings) ?? refuseUnrecorded(gateway);
  if (refusal !== null) {
    gateway.metrics.refused(refusal.code);
    incoming.resume();
    return gateway.answerProblem(response, route.provider.family, refusal, id);
  }
  pseudonymizeUser(gateway, collector);
  const opened = openedLine(route, facts, bytes, read, id, startedAt);
  const line = gateway.journal.failure === null ? gateway.journal.opened(opened) : null;
  const edited =
    route.api === 'chat.completions' && Buffer.isBuffer(body) ? includeUsage(body, facts) : null;
  const call = new Call({
    gateway,
    incoming,
    response,
    route,
    opened,
    line,
    arrived,
    withholdUsage: edited !== null,
    warnings: collector.problems,
  });
  gateway.metrics.overhead(performance.now() - begin);
  gateway.dispatcher(route.provider).dispatch(
    {
      origin: route.provider.origin,
      path: route.upstreamPath,
      method: incoming.method as 'POST',
      headers: upstreamHeaders(read, route.provider, edited !== null),
      body: edited ?? body,
      headersTimeout: gateway.settings.upstream_timeout_ms,
      bodyTimeout: gateway.settings.upstream_timeout_ms,
    },
    call,
  );
}

function openedLine(
  route: Route,
  facts: RequestFacts,
  bytes: number,
  read: ReadHeaders,
  id: string,
  startedAt: Date,
): OpenedLine {
  const api = route.api ?? 'unmetered';
  const model = facts.model ?? route.model;
  return {
    type: 'opened',
    schema: entrySchema,
    id,
    source: 'gateway',
    started_at: startedAt.toISOString(),
    provider: route.provider.name,
    api,
    stream: facts.stream || route.streamPath,
    model_requested: model,
    attempt: read.attempt,
    estimate: estimateTokens(api, bytes, facts.maxOutputTokens),
    tags: read.collector.tags,
  };
}

function upstreamHeaders(read: ReadHeaders, provider: Provider, plain: boolean): string[] {
  const headers = read.forward;
  if (!read.hasKey && provider.apiKey !== undefined) {
    if (provider.family === 'anthropic') headers.push('x-api-key', provider.apiKey);
    else if (provider.family === 'gemini') headers.push('x-goog-api-key', provider.apiKey);
    else headers.push('authorization', `Bearer ${provider.apiKey}`);
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

function pseudonymizeUser(gateway: GatewayContext, { tags }: TagCollector): void {
  if (tags.user === undefined) return;
  const pseudonym = gateway.pseudonymize(tags.user);
  if (pseudonym === null) delete tags.user;
  else tags.user = pseudonym;
}

function refuseUnrecorded(gateway: GatewayContext) {
  if (gateway.journal.failure === null || gateway.settings.on_full_disk === 'pass-unrecorded')
    return null;
  return {
    status: 503,
    code: 'journal_unwritable',
    message: `Farthing cannot record this call, so it was not sent: ${gateway.journal.failure.message}. Free space on the disk of the data directory, or set \`gateway.on_full_disk: pass-unrecorded\`.`,
  };
}

function refuseLarge(gateway: GatewayContext, response: ServerResponse, route: Route): void {
  gateway.metrics.refused('body_too_large');
  gateway.answerProblem(
    response,
    route.provider.family,
    {
      status: 413,
      code: 'body_too_large',
      message: `The request is larger than ${gateway.settings.max_body_bytes} bytes. Raise \`gateway.max_body_bytes\` in farthing.yaml if it should pass.`,
    },
    uuidv7(),
  );
  response.once('finish', () => response.destroy());
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
