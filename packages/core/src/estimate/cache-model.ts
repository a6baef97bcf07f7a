import type { TokenBuckets } from '../usage/usage.js';
import { keepNewest } from './keep-newest.js';

/** Of the input tokens of such calls: what was read from the provider's cache, and what was written to it. */
export interface CacheShares {
  read: number;
  written: number;
}

/** The learned state as plain data. Sums of tokens, the newer calls weighing more. */
export interface CacheModelState {
  version: 1;
  sums: [key: string, sums: [calls: number, input: number, read: number, written: number]][];
}

interface Sums {
  calls: number;
  input: number;
  read: number;
  written: number;
}

const enough = 20;
/** A call weighs 1 % less with each that follows it: what is known rests on about the last 100. */
const kept = 0.99;
const mostGroups = 2_000;

/**
 * Learns which share of a feature's input the provider reads from its cache. The share is that of
 * tokens, not the mean of the calls' shares: what many calls come to, large ones counting for more. It says
 * nothing about a single call, so that no limit may rest on it.
 */
export class CacheModel {
  readonly #sums = new Map<string, Sums>();

  static restore({ sums }: CacheModelState): CacheModel {
    const model = new CacheModel();
    for (const [key, [calls, input, read, written]] of sums) {
      model.#sums.set(key, { calls, input, read, written });
    }
    return model;
  }

  /**
   * Null until enough calls are known.
   * @param group the feature and the model: a cache belongs to a model, and its prefix to a feature.
   */
  predict(group: string): CacheShares | null {
    const sums = this.#sums.get(group);
    if (sums === undefined || sums.calls < enough || sums.input <= 0) return null;
    const read = Math.min(sums.read / sums.input, 1);
    return { read, written: Math.min(sums.written / sums.input, 1 - read) };
  }

  /** @param inputTokens all input tokens that the provider counted, cached or not. */
  learn(group: string, tokens: TokenBuckets, inputTokens: number): void {
    const known = this.#sums.get(group);
    const sums = known ?? { calls: 0, input: 0, read: 0, written: 0 };
    const written = tokens.cache_write + tokens.cache_write_5m + tokens.cache_write_1h;
    sums.calls = Math.min(sums.calls + 1, enough);
    sums.input = sums.input * kept + inputTokens;
    sums.read = sums.read * kept + tokens.cache_read;
    sums.written = sums.written * kept + written;
    keepNewest(this.#sums, group, sums, known === undefined, mostGroups);
  }

  state(): CacheModelState {
    const sums: CacheModelState['sums'] = [];
    for (const [key, { calls, input, read, written }] of this.#sums) {
      sums.push([key, [calls, input, read, written]]);
    }
    return { version: 1, sums };
  }
}
