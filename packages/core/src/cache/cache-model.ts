import { formatUsd, parseUsd, type Picodollars } from '../money.js';
import type { TokenPrices } from '../pricing/token-prices.js';
import type { QueryRow } from '../report/query.js';
import { cacheRulesOf, type CacheRules } from './cache-rules.js';
import type { CacheSample } from './cache-sample.js';
import {
  leastTriedCalls,
  repeatedPrefix,
  trySettings,
  type CacheSetting,
  type SettingReturn,
} from './cache-settings.js';
import { measurePrefixes, type PrefixGaps, type PrefixStability } from './prefix-gaps.js';
import { breakEvenReads } from './simulate-cache.js';

/** What caching does to one model's calls of a group. */
export interface CacheModelRow {
  provider: string;
  model: string | null;
  calls: number;
  input_tokens: number;
  tokens: { uncached: number; read: number; written: number; written_1h: number };
  /** Cached reads ÷ all input; null without input. */
  hit_ratio: number | null;
  /** Σ reads · (p_in − p_read) − Σ writes · (p_write − p_in), as booked; null where a price is unknown. */
  net_usd: string | null;
  saved_usd: string | null;
  write_cost_usd: string | null;
  /** Part of the cached tokens whose return is booked; the rest is worked out at today's prices. */
  booked_share: number | null;
  /** Who decides about caching, from how many tokens on prompts are cached, and where that stands. */
  control: 'explicit' | 'automatic';
  minimum_tokens: number;
  minimum_source: string;
  /** Whether the prompts are long enough on average for the cache to take them. */
  applies: boolean;
  /** USD of a million tokens; null where the model has no known price. */
  rates: { input: string; read: string; write_5m: string; write_1h: string } | null;
  /** Reads per written token from which on writing pays; null where it never does. */
  break_even: { write_5m: number | null; write_1h: number | null } | null;
  reads_per_write: number | null;
  gaps: PrefixGaps;
  prefix: PrefixStability;
  unstable: boolean;
  settings: CacheSettingRow[];
  advice: CacheAdvice | null;
}

/** What a setting would have saved in the window, against no caching and against what was. */
export interface CacheSettingRow {
  setting: CacheSetting;
  read_share: number;
  write_share: number;
  net_usd: string;
  /** More than what was, of which 90 in 100 true values lie between `low_usd` and `high_usd`. */
  difference_usd: string;
  low_usd: string;
  high_usd: string;
}

/** The setting that would have saved most, where that is sure. */
export interface CacheAdvice {
  setting: CacheSetting;
  saves_usd: string;
  low_usd: string;
  high_usd: string;
  /** `booked`: what stops is on the bills. `predicted`: played through all calls. `sampled`: through some. */
  basis: 'booked' | 'predicted' | 'sampled';
  sentence: string;
}

export interface ModelRequest {
  row: QueryRow;
  /** Its own calls of the sample. */
  sample: CacheSample;
  /** Input tokens of all its calls that began in the sample's spans. */
  spanTokens: number;
  prices: TokenPrices | null;
}

/** A row of sums, with what the model's cache takes and what other settings would have done. */
export function cacheModelRow(request: ModelRequest): CacheModelRow {
  const { row, sample, spanTokens, prices } = request;
  const count = (name: string) => Number(row[name] ?? 0);
  const provider = String(row['provider']);
  const model = row['model'] as string | null;
  const [calls, input] = [count('calls'), count('tokens_input')];
  const tokens = {
    uncached: count('tokens_input_uncached'),
    read: count('tokens_cache_read'),
    written: count('tokens_cache_write'),
    written_1h: count('tokens_cache_write_1h'),
  };
  const rules = cacheRulesOf(provider, model);
  const { gaps, stability } = measurePrefixes(sample, rules.minimumTokens);
  const booked = bookedReturn(row, tokens, prices);
  const enough = prices !== null && gaps.calls >= leastTriedCalls;
  const settings = enough
    ? trySettings({ sample, rules, prices, inputTokens: input, spanTokens, stability })
    : [];
  const net = booked === null ? null : booked.saved - booked.premium;
  const isCached = tokens.read + tokens.written > 0;
  return {
    provider,
    model,
    calls,
    input_tokens: input,
    tokens,
    hit_ratio: ratio(tokens.read, input),
    net_usd: net === null ? null : formatUsd(net),
    saved_usd: booked === null ? null : formatUsd(booked.saved),
    write_cost_usd: booked === null ? null : formatUsd(booked.premium),
    booked_share: ratio(count('cache_valued_tokens'), tokens.read + tokens.written),
    control: rules.control,
    minimum_tokens: rules.minimumTokens,
    minimum_source: rules.source,
    applies: calls > 0 && input / calls >= rules.minimumTokens,
    rates: prices === null ? null : ratesOf(prices),
    break_even: prices === null ? null : breakEven(prices),
    reads_per_write: ratio(tokens.read, tokens.written),
    gaps,
    prefix: stability,
    unstable: repeatedPrefix(stability, rules) !== null,
    settings: net === null ? [] : settings.map((each) => settingRow(each, net)),
    advice: net === null ? null : advise(settings, net, isCached, sample, rules, stability),
  };
}

interface BookedReturn {
  saved: Picodollars;
  premium: Picodollars;
}

/** Caching's return as booked with each call; what no call's charges tell is worked out at today's prices. */
function bookedReturn(
  row: QueryRow,
  tokens: CacheModelRow['tokens'],
  prices: TokenPrices | null,
): BookedReturn | null {
  const saved = parseUsd(String(row['cache_saved'] ?? '0'));
  const premium = parseUsd(String(row['cache_premium'] ?? '0'));
  const cached = tokens.read + tokens.written;
  const unknown = cached - Number(row['cache_valued_tokens'] ?? 0);
  if (unknown <= 0) return { saved, premium };
  if (prices === null) return null;
  const part = (count: number) => BigInt(Math.round((count * unknown) / cached));
  const { input, cacheRead, cacheWrite, cacheWrite1h } = prices;
  return {
    saved: saved + part(tokens.read) * (input - cacheRead),
    premium:
      premium +
      part(tokens.written - tokens.written_1h) * (cacheWrite - input) +
      part(tokens.written_1h) * (cacheWrite1h - input),
  };
}

function settingRow(
  { setting, net, low, high, ...shares }: SettingReturn,
  was: bigint,
): CacheSettingRow {
  return {
    setting,
    read_share: shares.read_share,
    write_share: shares.write_share,
    net_usd: formatUsd(net),
    difference_usd: formatUsd(net - was),
    low_usd: formatUsd(low - was),
    high_usd: formatUsd(high - was),
  };
}

function advise(
  settings: readonly SettingReturn[],
  was: Picodollars,
  isCached: boolean,
  sample: CacheSample,
  rules: CacheRules,
  stability: PrefixStability,
): CacheAdvice | null {
  const better = settings
    .filter(({ low }) => low > was)
    .toSorted((a, b) => (a.net < b.net ? 1 : -1));
  // Of settings that do as well, give or take, the simplest: they are listed from that on.
  const best = settings.find(
    ({ net, low }) => low > was && net * 100n >= (better[0]?.net ?? 0n) * 99n,
  );
  if (best === undefined) {
    // Stopping what loses money needs no prediction.
    if (rules.control !== 'explicit' || !isCached || was >= 0n) return null;
    const saves = formatUsd(-was);
    return {
      setting: 'none',
      saves_usd: saves,
      low_usd: saves,
      high_usd: saves,
      basis: 'booked',
      sentence: sentences.none,
    };
  }
  const isStop = best.setting === 'none';
  return {
    setting: best.setting,
    saves_usd: formatUsd(best.net - was),
    low_usd: formatUsd(best.low - was),
    high_usd: formatUsd(best.high - was),
    basis: isStop ? 'booked' : sample.isWhole ? 'predicted' : 'sampled',
    sentence:
      best.setting === 'stable_first'
        ? `Put what changes (dates, ids, retrieved text) behind what stays the same: ${stability.repeated_tokens?.toLocaleString('en-US')} tokens a call repeat behind a difference, where no cache finds them.`
        : sentences[best.setting],
  };
}

const sentences: Record<Exclude<CacheSetting, 'stable_first'>, string> = {
  none: 'Do not write to the cache: what is written is read too seldom to pay for it.',
  '5m': 'Mark the end of the instructions and of the last message with `cache_control`, for five minutes.',
  '1h': 'Mark the end of the instructions and of the last message with `cache_control` and `ttl: "1h"`: many calls with the same beginning come more than five minutes apart.',
  '5m_second_sighting':
    'Mark with `cache_control` only what was sent before (the stable beginning, and turns of a conversation that goes on), for five minutes.',
};

function ratesOf({ input, cacheRead, cacheWrite, cacheWrite1h }: TokenPrices) {
  const perMillion = (each: bigint) => formatUsd(each * 1_000_000n);
  return {
    input: perMillion(input),
    read: perMillion(cacheRead),
    write_5m: perMillion(cacheWrite),
    write_1h: perMillion(cacheWrite1h),
  };
}

function breakEven({ input, cacheRead, cacheWrite, cacheWrite1h }: TokenPrices) {
  const of = (write: bigint) => {
    const rates = { input: Number(input), read: Number(cacheRead), write: Number(write) };
    const reads = breakEvenReads(rates);
    return reads === null ? null : Math.round(reads * 100) / 100;
  };
  return { write_5m: of(cacheWrite), write_1h: of(cacheWrite1h) };
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 1e6) / 1e6;
}
