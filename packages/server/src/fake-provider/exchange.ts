import type { IncomingHttpHeaders } from 'node:http';
import type { Posting, ProviderName } from './books.js';
import type { Directives } from './directives.js';
import type { JsonObject } from './json.js';
import type { ModelProfile } from './model-profile.js';
import type { PrefixCache } from './prefix-cache.js';
import type { Random } from './random.js';

/** One request, parsed, and what answering it may draw on. */
export interface Exchange {
  provider: ProviderName;
  method: string;
  /** Path as the provider knows it, without a mount such as `/openai`. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  keyId: string;
  body: JsonObject;
  /** Files of a form, by field name. Text fields of a form stand in `body`. */
  files: ReadonlyMap<string, UploadedFile[]>;
  directives: Directives;
  /** Milliseconds since the epoch: what the books and the cache go by. */
  now: number;
  /** What the answer says about when it was made; follows from the seed when the request carries one. */
  createdAt: number;
  cache: PrefixCache;
  /**
   * Randomness that follows from the server's seed, this content and how often it was asked before;
   * from `x-fake-seed` alone when the request carries one.
   */
  randomFor(model: string, content: string): Random;
}

export interface UploadedFile {
  name: string;
  bytes: number;
}

/** A piece of a stream. */
export interface Frame {
  bytes: string;
  /** Tokens generated, reasoning included, once this frame is out: what a disconnect then costs. */
  output: number;
  /** This frame tells the client what it is billed; from here on the request is complete. */
  settles?: true;
}

/** A generated answer and what it costs. */
export interface Answer {
  kind: 'answer';
  headers: Record<string, string>;
  contentType: string;
  content: { plain: string | Buffer } | { frames: Frame[] };
  /** What the books take when the answer is delivered whole. */
  posting: Omit<Posting, 'outcome'>;
  /** Whether the client learns its usage from this answer. */
  reportsUsage: boolean;
  profile: ModelProfile;
  random: Random;
}

/** Anything that costs nothing: errors, lists, counts, reports. */
export interface Notice {
  kind: 'notice';
  status: number;
  headers: Record<string, string>;
  body: unknown;
  /** Google and OpenAI indent their JSON, Anthropic does not. */
  indent?: 2;
}

export type Reply = Answer | Notice;
export type Handler = (exchange: Exchange) => Reply;

export function notice(
  status: number,
  body: unknown,
  more: { headers?: Record<string, string>; indent?: 2 } = {},
): Notice {
  return {
    kind: 'notice',
    status,
    body,
    headers: more.headers ?? {},
    ...(more.indent === undefined ? {} : { indent: more.indent }),
  };
}
