import type { Dimension, Filter, Window } from '../report/query.js';
import type { PromptPrefixes } from './prompt-prefixes.js';

/** Which calls' prefixes are wanted: those with any that began in the window, by their times. */
export interface PrefixSearch {
  window: Window;
  filters?: Filter[];
  /** Their values come with each call. */
  dimensions: Dimension[];
  /** Of the conversations only one in so many (a power of two), always the same ones. Default 1. */
  one_in?: number;
  /** At most 100,000; the earliest are kept. */
  limit: number;
}

/** A call's prefixes with what a cache needs to know of it. */
export interface PrefixedCall {
  /** Milliseconds since 1970. */
  at: number;
  group: Record<string, string | null>;
  provider: string;
  model: string | null;
  /** Input tokens, cached or not. */
  input: number;
  prefixes: PromptPrefixes;
}
