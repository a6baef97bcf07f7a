import { bitsOf } from './prefix-sampler.js';
import type { CacheSample } from './cache-sample.js';
import type { PrefixedCall } from './prefix-search.js';
import {
  CacheSimulation,
  type CachedInput,
  type CachePolicy,
  type InputRates,
  type PrefixMark,
} from './simulate-cache.js';

/** What a setting would have done to a sample of calls, in tokens. */
export interface TriedSetting {
  /** Calls that were counted: not those that only warmed the cache. */
  calls: number;
  total: CachedInput;
  /** By block of conversations, for the spread. */
  blocks: CachedInput[];
}

/** Conversations fall into so many blocks, by their fingerprints. */
const blockCount = 16;

/**
 * Plays the sampled calls of one group and model through a cache. Parts of prompts behind the head count
 * for all the conversations that theirs stands for; heads were read of every call.
 *
 * @param marksOf the prefixes that the cache would see; by default those that the prompts have.
 */
export function trySetting(
  sample: CacheSample,
  policy: CachePolicy,
  marksOf: (call: PrefixedCall) => PrefixMark[] = ownMarks,
): TriedSetting {
  const tried: TriedSetting = { calls: 0, total: empty(), blocks: [] };
  for (let block = 0; block < blockCount; block++) tried.blocks.push(empty());
  for (const span of sample.spans) {
    const simulation = new CacheSimulation(policy);
    for (const call of span.calls) {
      const result = simulation.call({ at: call.at, marks: marksOf(call), input: call.input });
      if (call.at < span.from || call.at >= span.to + 1) continue;
      tried.calls += 1;
      const weighed = weigh(result, call);
      add(tried.total, weighed);
      add(tried.blocks[blockOf(call)]!, weighed);
    }
  }
  return tried;
}

export function ownMarks({ prefixes }: PrefixedCall): PrefixMark[] {
  return prefixes.keys.map((key, index) => ({ key, tokens: prefixes.tokens[index]! }));
}

/** Head tokens count once, those behind it for the calls that this one stands for. */
function weigh(
  { read, written, plain }: CachedInput,
  { prefixes, input }: PrefixedCall,
): CachedInput {
  const { calls = 1, head, tokens } = prefixes;
  if (calls === 1) return { read, written, plain };
  const headTokens = head === 0 ? 0 : tokens[head - 1]!;
  const readHead = Math.min(read, headTokens);
  const writtenHead = Math.min(written, headTokens - readHead);
  const tail = input - headTokens;
  const plainHead = headTokens - readHead - writtenHead;
  const readTail = read - readHead;
  const writtenTail = written - writtenHead;
  return {
    read: readHead + calls * readTail,
    written: writtenHead + calls * writtenTail,
    plain: plainHead + calls * (tail - readTail - writtenTail),
  };
}

function blockOf({ prefixes: { keys, head } }: PrefixedCall): number {
  // The low bits decide who is followed, so that the blocks go by the high ones.
  return Math.floor(bitsOf(keys[Math.max(0, head - 1)] ?? '') / 2 ** 26) % blockCount;
}

/** A part of the input's cost, with how far it may be off for want of more calls. */
export interface SavedShare {
  share: number;
  /** Standard error of the share. */
  error: number;
}

/**
 * The part of the input cost that a setting saves, and its standard error: what leaving out one block of
 * conversations after the other does to it (jackknife). Conversations are independent of each other; calls of one
 * are not.
 */
export function shareSaved({ total, blocks }: TriedSetting, rates: InputRates): SavedShare {
  const net = blocks.map((block) => netOf(block, rates));
  const full = blocks.map((block) => fullOf(block) * rates.input);
  const [sumNet, sumFull] = [sumOf(net), fullOf(total) * rates.input];
  if (sumFull === 0) return { share: 0, error: 0 };
  const without = net
    .map((own, index) => ({ net: sumNet - own, full: sumFull - full[index]! }))
    .filter((rest, index) => rest.full > 0 && full[index]! > 0)
    .map((rest) => rest.net / rest.full);
  const count = without.length;
  const mean = sumOf(without) / Math.max(1, count);
  const variance =
    count < 2 ? 0 : (sumOf(without.map((share) => (share - mean) ** 2)) * (count - 1)) / count;
  return { share: sumNet / sumFull, error: Math.sqrt(variance) };
}

function netOf({ read, written }: CachedInput, rates: InputRates): number {
  return read * (rates.input - rates.read) - written * (rates.write - rates.input);
}

function fullOf({ read, written, plain }: CachedInput): number {
  return read + written + plain;
}

function empty(): CachedInput {
  return { read: 0, written: 0, plain: 0 };
}

function add(sum: CachedInput, part: CachedInput): void {
  sum.read += part.read;
  sum.written += part.written;
  sum.plain += part.plain;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
