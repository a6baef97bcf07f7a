import { parseTagList } from '@farthing/core';
import { noFacts, readFormFacts, type RequestFacts } from '../call/request-facts.js';
import { textOf } from './bytes.js';

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * The URL and method of a request, as `fetch` would understand them.
 * @internal
 */
export function addressOf(
  input: string | URL | Request,
  init: RequestInit | undefined,
): { url: string; method: string } {
  if (typeof input === 'string') return { url: input, method: init?.method ?? 'GET' };
  if (input instanceof URL) return { url: input.href, method: init?.method ?? 'GET' };
  return { url: input.url, method: init?.method ?? input.method };
}

/** @internal */
export interface ReadHeaders {
  /** 1 for the first attempt; the official clients count their retries in a header. */
  attempt: number;
  /** Tags in `x-farthing-…` headers. */
  tags: readonly (readonly [name: string, value: string])[];
  /** The headers without those, where there were some: they are not the provider's business. */
  without: Headers | null;
}

/** What nearly all headers tell: one for all of them. */
const firstAttempt: ReadHeaders = { attempt: 1, tags: [], without: null };

const own = 'x-farthing-';
const retryCount = 'x-stainless-retry-count';

/**
 * Going through all headers takes longer than all else that is done here: they are gone through where
 * one of these is among them.
 */
const signs = ['x-farthing-tags', 'x-farthing-feature', 'x-farthing-user'];

/**
 * Reads what headers tell of a call.
 * @internal
 */
export function readHeaders(headers: RequestInit['headers']): ReadHeaders {
  if (headers === undefined || headers === null) return firstAttempt;
  if (headers instanceof Headers && !hasSigns(headers)) {
    const attempt = attemptOf(headers.get(retryCount));
    return attempt === 1 ? firstAttempt : { ...firstAttempt, attempt };
  }
  let attempt = 1;
  const names: string[] = [];
  const tags: (readonly [name: string, value: string])[] = [];
  let list: string | null = null;
  eachHeader(headers, (name, value) => {
    if (name === retryCount) attempt = attemptOf(value);
    else if (name.startsWith(own)) {
      names.push(name);
      if (name === 'x-farthing-tags') list = value;
      else tags.push([name.slice(own.length), value]);
    }
  });
  if (names.length === 0) return { ...firstAttempt, attempt };
  if (list !== null) tags.unshift(...parseTagList(list));
  const without = new Headers(headers);
  for (const name of names) without.delete(name);
  return { attempt, tags, without };
}

function hasSigns(headers: Headers): boolean {
  for (const name of signs) if (headers.has(name)) return true;
  return false;
}

function attemptOf(retryCount: string | null): number {
  const retries = Number(retryCount ?? 0);
  return Number.isInteger(retries) && retries >= 0 && retries < 1_000 ? retries + 1 : 1;
}

function eachHeader(
  headers: NonNullable<RequestInit['headers']>,
  take: (name: string, value: string) => void,
): void {
  if (headers instanceof Headers) {
    headers.forEach((value, name) => take(name, value));
  } else if (Symbol.iterator in headers) {
    for (const [name, value] of headers) take(String(name).toLowerCase(), String(value));
  } else {
    for (const name in headers) take(name.toLowerCase(), String(headers[name]));
  }
}

/** @internal */
export interface ReadBody {
  /** JSON text of the request; null for forms and streams. */
  text: string | null;
  /** Null where they stand in the text, and are read when somebody asks for them. */
  facts: RequestFacts | null;
}

/** Larger bodies are sent as they are and known by their address alone. */
const largestBody = 64 * 1024 * 1024;

/**
 * Reads the facts of a body where it is at hand: text, bytes or a form. A stream passes unread.
 * @internal
 */
export function readBody(body: unknown, api: string): ReadBody {
  if (typeof body === 'string') return { text: body, facts: null };
  if (body instanceof FormData) return { text: null, facts: readFormFacts(body, api) };
  const bytes = bytesOf(body);
  if (bytes === null || bytes.byteLength > largestBody) return { text: null, facts: noFacts };
  return { text: textOf(bytes), facts: null };
}

function bytesOf(body: unknown): Uint8Array | null {
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  return ArrayBuffer.isView(body)
    ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
    : null;
}
