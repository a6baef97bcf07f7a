import { parseBaggage, parseTagList, type TagCollector } from '@farthing/core';

/** What the request's headers say: tags, retries, and what is to be sent on. */
export interface ReadHeaders {
  collector: TagCollector;
  /** Names and values in turn, as received, without hop-by-hop headers and without ours. */
  forward: string[];
  /** 1 for the first attempt. */
  attempt: number;
  hasKey: boolean;
  token: string | null;
}

/** Headers that end at this hop (RFC 9110 7.6.1), or that the upstream client sets itself. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'expect',
]);

/** Placeholder that SDKs which insist on a key may send; the key from the environment replaces it. */
const placeholderKeys: ReadonlySet<string> = new Set(['farthing', 'Bearer farthing']);

type Handler = (value: string, read: ReadHeaders) => void;

const metadata: Handler = (value, read) => {
  let members: unknown;
  try {
    members = JSON.parse(value);
  } catch {
    read.collector.problems.push('a metadata header was ignored: it is not JSON');
    return;
  }
  if (typeof members !== 'object' || members === null) return;
  for (const [key, member] of Object.entries(members)) {
    if (typeof member !== 'string' && typeof member !== 'number') continue;
    const name = key === '_user' || key === 'user_id' ? 'user' : key;
    read.collector.set(name, String(member));
  }
};
const tag =
  (name: string): Handler =>
  (value, read) =>
    read.collector.set(name, value);
const key: Handler = (value, read) => {
  // The placeholder was just added to the headers that go upstream: take it off again.
  if (placeholderKeys.has(value)) read.forward.length -= 2;
  else read.hasKey = true;
};

/** Headers that SDKs send, and those of the tools that teams come from. */
const handlers: Record<string, Handler> = {
  authorization: key,
  'x-api-key': key,
  'x-goog-api-key': key,
  'api-key': key,
  'x-stainless-retry-count': (value, read) => {
    const retries = Number(value);
    if (Number.isInteger(retries) && retries >= 0 && retries < 1_000) read.attempt = retries + 1;
  },
  'helicone-user-id': tag('user'),
  'helicone-session-id': tag('session'),
  'helicone-prompt-id': tag('template_version'),
  'x-litellm-end-user-id': tag('user'),
  'x-litellm-trace-id': tag('trace'),
  'x-litellm-tags': (value, read) => {
    for (const each of value.split(','))
      if (each.trim() !== '') read.collector.set(`label/${each.trim()}`, 'true');
  },
  'x-litellm-spend-logs-metadata': metadata,
  'x-portkey-metadata': metadata,
  'cf-aig-metadata': metadata,
};

const prefixes: [string, (rest: string) => string][] = [
  ['helicone-property-', (rest) => rest],
  ['x-bf-dim-', (rest) => rest],
];

/**
 * Reads tags from the headers and prepares those that go upstream. Precedence, later wins: tags of
 * other tools, `traceparent` and `baggage`, `x-farthing-tags`, `x-farthing-<tag>`.
 */
export function readHeaders(
  rawHeaders: string[],
  collector: TagCollector,
  allowedBaggage: ReadonlySet<string>,
): ReadHeaders {
  const read: ReadHeaders = { collector, forward: [], attempt: 1, hasKey: false, token: null };
  let baggage: string | null = null;
  let traceparent: string | null = null;
  let own: string[] | null = null;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const raw = rawHeaders[index]!;
    const value = rawHeaders[index + 1]!;
    const name = raw.toLowerCase();
    if (hopByHop.has(name)) continue;
    if (name.startsWith('x-farthing-')) {
      (own ??= []).push(name.slice('x-farthing-'.length), text(value));
      continue;
    }
    read.forward.push(raw, value);
    const handler = handlers[name];
    if (handler !== undefined) handler(value, read);
    else if (name === 'baggage') baggage = value;
    else if (name === 'traceparent') traceparent = value;
    else {
      for (const [prefix, toName] of prefixes) {
        if (name.startsWith(prefix)) collector.set(toName(name.slice(prefix.length)), text(value));
      }
    }
  }
  if (traceparent !== null) {
    const trace = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent)?.[1];
    if (trace !== undefined) collector.set('trace', trace);
  }
  if (baggage !== null) {
    for (const [name, value] of parseBaggage(baggage, allowedBaggage)) collector.set(name, value);
  }
  if (own !== null) readOwn(own, read);
  return read;
}

function readOwn(own: string[], read: ReadHeaders): void {
  for (let index = 0; index < own.length; index += 2) {
    if (own[index] !== 'tags') continue;
    for (const [name, value] of parseTagList(own[index + 1]!)) read.collector.set(name, value);
  }
  for (let index = 0; index < own.length; index += 2) {
    const name = own[index]!;
    if (name === 'token') read.token = own[index + 1]!;
    else if (name !== 'tags') read.collector.set(name, own[index + 1]!);
  }
}

/** Node decodes header bytes as Latin-1; clients send UTF-8. Bytes that are not UTF-8 stay as they are. */
function text(value: string): string {
  let ascii = true;
  for (let index = 0; index < value.length; index++) {
    if (value.charCodeAt(index) > 0x7f) {
      ascii = false;
      break;
    }
  }
  if (ascii) return value;
  const decoded = Buffer.from(value, 'latin1').toString('utf8');
  return decoded.includes('\uFFFD') ? value : decoded;
}
