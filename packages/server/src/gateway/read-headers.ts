import { parseBaggage, parseTagList } from '@farthing/core';

/** What the request's headers say: tags, retries, and what is to be sent on. */
export interface ReadHeaders {
  /** Names and values of tags in rising precedence. */
  tags: [name: string, value: string][];
  /** Sentences for the caller about headers that could not be understood. */
  problems: string[];
  /** Names and values in turn, as received, without hop-by-hop headers and without ours. */
  forward: string[];
  /** 1 for the first attempt. */
  attempt: number;
  hasKey: boolean;
  /** The caller's key, for naming it (`key` in scopes of budgets). Never stored. */
  callerKey: string | null;
  token: string | null;
  /** `x-farthing-adapt: never`: what does not fit as it is, is refused. */
  neverAdapt: boolean;
  /** Elements that hold retrieved text in this request (`x-farthing-context-elements`); null for none named. */
  contextElements: readonly string[] | null;
  /** Confirms a call that a budget refused until a person agrees. */
  acknowledgement: string | null;
  host: string | null;
  origin: string | null;
  /** A browser says that a page of another site sent this. */
  crossSite: boolean;
  /** Bytes of the body as announced; null when there is none, or its length is not known. */
  contentLength: number | null;
  hasBody: boolean;
  /** The body is compressed: it passes, but nothing can be read from it. */
  encodedBody: boolean;
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
    read.problems.push('a metadata header was ignored: it is not JSON');
    return;
  }
  if (typeof members !== 'object' || members === null) return;
  for (const [key, member] of Object.entries(members)) {
    if (typeof member !== 'string' && typeof member !== 'number') continue;
    const name = key === '_user' || key === 'user_id' ? 'user' : key;
    read.tags.push([name, String(member)]);
  }
};
const tag =
  (name: string): Handler =>
  (value, read) => {
    read.tags.push([name, text(value)]);
  };
const key: Handler = (value, read) => {
  // The placeholder was just added to the headers that go upstream: take it off again.
  if (placeholderKeys.has(value)) read.forward.length -= 2;
  else {
    read.hasKey = true;
    read.callerKey = value;
  }
};

/** What is done with a header of a known name. A Map, because names come from callers. */
const handlers: ReadonlyMap<string, Handler> = new Map(
  Object.entries<Handler>({
    authorization: key,
    'x-api-key': key,
    'x-goog-api-key': key,
    'api-key': key,
    origin: (value, read) => {
      read.origin = value;
    },
    'sec-fetch-site': (value, read) => {
      read.crossSite = value === 'cross-site';
    },
    'content-encoding': (value, read) => {
      read.encodedBody = value.trim().toLowerCase() !== 'identity';
    },
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
      for (const label of value.split(',')) {
        if (label.trim() !== '') read.tags.push([`label/${label.trim()}`, 'true']);
      }
    },
    'x-litellm-spend-logs-metadata': metadata,
    'x-portkey-metadata': metadata,
    'cf-aig-metadata': metadata,
  }),
);

/** Headers that stay here, and what they tell. */
const staying: ReadonlyMap<string, Handler> = new Map(
  Object.entries<Handler>({
    host: (value, read) => {
      read.host = value;
    },
    'content-length': (value, read) => {
      read.contentLength = Number(value);
      read.hasBody = read.contentLength > 0;
    },
    'transfer-encoding': (_value, read) => {
      read.hasBody = true;
    },
  }),
);

const mostElements = 16;
const elementName = /^[A-Za-z][\w.-]{0,63}$/;

/** Of our own headers, those that are no tags. */
const controls: ReadonlyMap<string, Handler> = new Map(
  Object.entries<Handler>({
    token: (value, read) => {
      read.token = value;
    },
    adapt: (value, read) => {
      if (value.trim().toLowerCase() === 'never') read.neverAdapt = true;
      else read.problems.push('x-farthing-adapt was ignored: it can be "never"');
    },
    'context-elements': (value, read) => {
      const names = value.split(',').map((name) => name.trim());
      if (names.length <= mostElements && names.every((name) => elementName.test(name))) {
        read.contextElements = names;
      } else {
        read.problems.push(
          'x-farthing-context-elements was ignored: it is a list of names like "kb, articles"',
        );
      }
    },
    acknowledge: (value, read) => {
      read.acknowledgement = value.trim();
    },
  }),
);

const prefixes = ['helicone-property-', 'x-bf-dim-'];

/**
 * Reads tags from the headers and prepares those that go upstream. Precedence, later wins: tags of
 * other tools, `traceparent` and `baggage`, `x-farthing-tags`, `x-farthing-<tag>`.
 */
export function readHeaders(
  rawHeaders: string[],
  allowedBaggage: ReadonlySet<string>,
): ReadHeaders {
  const read: ReadHeaders = {
    tags: [],
    problems: [],
    forward: [],
    attempt: 1,
    hasKey: false,
    callerKey: null,
    token: null,
    neverAdapt: false,
    contextElements: null,
    acknowledgement: null,
    host: null,
    origin: null,
    crossSite: false,
    contentLength: null,
    hasBody: false,
    encodedBody: false,
  };
  let baggage: string | null = null;
  let traceparent: string | null = null;
  let own: string[] | null = null;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const raw = rawHeaders[index]!;
    const value = rawHeaders[index + 1]!;
    const name = lowerCase(raw);
    if (hopByHop.has(name)) {
      staying.get(name)?.(value, read);
      continue;
    }
    if (name.startsWith('x-farthing-')) {
      (own ??= []).push(name.slice('x-farthing-'.length), text(value));
      continue;
    }
    read.forward.push(raw, value);
    const handler = handlers.get(name);
    if (handler !== undefined) handler(value, read);
    else if (name === 'baggage') baggage = value;
    else if (name === 'traceparent') traceparent = value;
    else readPrefixed(name, value, read);
  }
  if (traceparent !== null) {
    const trace = /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceparent)?.[1];
    if (trace !== undefined) read.tags.push(['trace', trace]);
  }
  if (baggage !== null) read.tags.push(...parseBaggage(baggage, allowedBaggage));
  if (own !== null) readOwn(own, read);
  return read;
}

function readPrefixed(name: string, value: string, read: ReadHeaders): void {
  for (const prefix of prefixes) {
    if (name.startsWith(prefix)) read.tags.push([name.slice(prefix.length), text(value)]);
  }
}

function readOwn(own: string[], read: ReadHeaders): void {
  for (let index = 0; index < own.length; index += 2) {
    if (own[index] === 'tags') read.tags.push(...parseTagList(own[index + 1]!));
  }
  for (let index = 0; index < own.length; index += 2) {
    const name = own[index]!;
    const value = own[index + 1]!;
    const control = controls.get(name);
    if (control !== undefined) control(value, read);
    else if (name !== 'tags') read.tags.push([name, value]);
  }
}

/** Clients send the same few names again and again; looking one up costs less than making it anew. */
const lowerCased = new Map<string, string>();

function lowerCase(name: string): string {
  const known = lowerCased.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (lowerCased.size < 1_000) lowerCased.set(name, lower);
  return lower;
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
