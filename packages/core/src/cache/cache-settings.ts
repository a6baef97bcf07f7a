import { divideHalfEven, type Picodollars } from '../money.js';
import type { TokenPrices } from '../pricing/token-prices.js';
import type { CacheRules } from './cache-rules.js';
import type { CacheSample } from './cache-sample.js';
import type { PrefixedCall } from './prefix-search.js';
import type { PrefixStability } from './prefix-gaps.js';
import type { CachePolicy, InputRates, PrefixMark } from './simulate-cache.js';
import { ownMarks, shareSaved, trySetting } from './try-setting.js';

/**
 * What can be asked of a cache: nothing; the whole prompt written for five minutes or an hour; for five
 * minutes, but only what was seen before; and what stays the same moved in front of what changes.
 */
export const cacheSettings = ['none', '5m', '1h', '5m_second_sighting', 'stable_first'] as const;
export type CacheSetting = (typeof cacheSettings)[number];

/** What a setting would have saved against no caching, in the window: negative where it costs. */
export interface SettingReturn {
  setting: CacheSetting;
  /** Part of the input that would have been read from the cache, and written to it. */
  read_share: number;
  write_share: number;
  net: Picodollars;
  low: Picodollars;
  high: Picodollars;
}

/** 90 in 100 true values lie within so many standard errors. */
const spread = 1.645;
/**
 * How far predictions lie off for reasons that are not chance: tokens up to a boundary are known by bytes.
 * The largest error that was measured (docs/benchmarks.md), rounded up.
 */
const modelError = 0.05;
/** So many calls are needed to say anything. */
export const leastTriedCalls = 30;

const fiveMinutes = 300_000;
const oneHour = 3_600_000;

export interface SettingsRequest {
  sample: CacheSample;
  rules: CacheRules;
  prices: TokenPrices;
  /** Input tokens of all calls of the window, and of those that began in the sample's spans. */
  inputTokens: number;
  spanTokens: number;
  stability: PrefixStability;
}

/** Each setting that can be had, with what it would have saved. */
export function trySettings(request: SettingsRequest): SettingReturn[] {
  const { rules, prices, stability } = request;
  const write5m = ratesOf(prices, prices.cacheWrite);
  const base: CachePolicy = {
    ttl: fiveMinutes,
    minimumTokens: rules.minimumTokens,
    step: rules.step,
    write: 'all',
  };
  const tried: SettingReturn[] = [];
  if (rules.control === 'explicit') {
    tried.push(returnOf(request, 'none', { ...base, write: 'none' }, write5m));
    tried.push(returnOf(request, '5m', base, write5m));
    const write1h = ratesOf(prices, prices.cacheWrite1h);
    tried.push(returnOf(request, '1h', { ...base, ttl: oneHour }, write1h));
    const later: CachePolicy = { ...base, write: 'second_sighting' };
    tried.push(returnOf(request, '5m_second_sighting', later, write5m));
  }
  const repeated = repeatedPrefix(stability, rules);
  if (repeated !== null) {
    tried.push(returnOf(request, 'stable_first', base, write5m, (call) => moved(call, repeated)));
  }
  return tried;
}

/**
 * Tokens that would be a cacheable beginning if they stood in front; null where too few repeat, or too few
 * calls were compared.
 */
export function repeatedPrefix(
  { repeated_tokens: repeated, compared_calls: compared }: PrefixStability,
  { minimumTokens }: CacheRules,
): number | null {
  return repeated !== null && compared >= leastComparedCalls && repeated >= minimumTokens
    ? repeated
    : null;
}

const leastComparedCalls = 10;

/** The prompt with its repeated part in front: what is as long or longer stays as it is. */
function moved(call: PrefixedCall, repeated: number): PrefixMark[] {
  const behind = ownMarks(call).filter(({ tokens }) => tokens > repeated);
  return call.input < repeated ? behind : [{ key: 'stable', tokens: repeated }, ...behind];
}

function returnOf(
  { sample, prices, inputTokens, spanTokens }: SettingsRequest,
  setting: CacheSetting,
  policy: CachePolicy,
  rates: InputRates,
  marksOf?: (call: PrefixedCall) => PrefixMark[],
): SettingReturn {
  const tried = trySetting(sample, policy, marksOf);
  const { read, written, plain } = tried.total;
  const all = read + written + plain;
  const { share, error } = shareSaved(tried, rates);
  const known = sample.isWhole ? 0 : 1;
  const half = spread * error * known + modelError * Math.abs(share);
  // Calls without fingerprints (prompts that are too short, imports) neither gain nor lose.
  const covered = spanTokens <= 0 ? 0 : Math.min(1, (all * sample.oneIn) / spanTokens);
  const full = BigInt(Math.round(inputTokens * covered)) * prices.input;
  return {
    setting,
    read_share: shareOf(read, all),
    write_share: shareOf(written, all),
    net: partOf(full, share),
    low: partOf(full, share - half),
    high: partOf(full, share + half),
  };
}

function ratesOf({ input, cacheRead }: TokenPrices, write: bigint): InputRates {
  return { input: Number(input), read: Number(cacheRead), write: Number(write) };
}

const scale = 1_000_000_000;

/** A part of an amount, to a billionth. */
export function partOf(amount: Picodollars, share: number): Picodollars {
  return divideHalfEven(amount * BigInt(Math.round(share * scale)), BigInt(scale));
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1e6) / 1e6;
}
