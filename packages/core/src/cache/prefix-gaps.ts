import type { CacheSample } from './cache-sample.js';

/** How long calls come after the last one with the same beginning. Shares are of the calls looked at. */
export interface PrefixGaps {
  calls: number;
  /** Of the calls that had a predecessor, in seconds; null without any. */
  p50_seconds: number | null;
  p90_seconds: number | null;
  within_5m: number | null;
  within_1h: number | null;
  /** Calls whose beginning had not been seen before. */
  first_seen: number | null;
}

/** What the beginnings of a feature's prompts have in common. */
export interface PrefixStability {
  /** Part of the calls whose first cacheable beginning had been seen before; null with no calls. */
  seen_before: number | null;
  /** Shannon entropy of the first beginnings, in bits: 0 where all calls have the same one. */
  entropy_bits: number | null;
  /** Tokens of a call, on average, that its predecessor had too, but behind a difference. */
  repeated_tokens: number | null;
  /** Calls that were compared with their predecessor. */
  compared_calls: number;
}

/** Gaps between calls that share at least so many tokens, and how stable the beginnings are. */
export function measurePrefixes(
  sample: CacheSample,
  minimumTokens: number,
): { gaps: PrefixGaps; stability: PrefixStability } {
  const gaps: number[] = [];
  const firsts = new Map<string, number>();
  let [calls, repeated, compared] = [0, 0, 0];
  for (const span of sample.spans) {
    const last = new Map<string, number>();
    for (const call of span.calls) {
      const { keys, tokens, repeated: again } = call.prefixes;
      const long = keys.filter((_, index) => tokens[index]! >= minimumTokens);
      if (long.length === 0) continue;
      const before = long.findLast((key) => last.has(key));
      if (call.at >= span.from) {
        calls += 1;
        if (before !== undefined) gaps.push((call.at - last.get(before)!) / 1_000);
        firsts.set(long[0]!, (firsts.get(long[0]!) ?? 0) + 1);
        if (again !== undefined) {
          compared += 1;
          repeated += again;
        }
      }
      for (const key of long) last.set(key, call.at);
    }
  }
  gaps.sort((a, b) => a - b);
  const within = (seconds: number) => part(gaps.filter((gap) => gap <= seconds).length, calls);
  return {
    gaps: {
      calls,
      p50_seconds: quantile(gaps, 0.5),
      p90_seconds: quantile(gaps, 0.9),
      within_5m: within(300),
      within_1h: within(3_600),
      first_seen: part(calls - gaps.length, calls),
    },
    stability: {
      seen_before: part(calls - firsts.size, calls),
      entropy_bits: entropy([...firsts.values()]),
      repeated_tokens: compared === 0 ? null : Math.round(repeated / compared),
      compared_calls: compared,
    },
  };
}

/** The nearest rank, rounded to a tenth. */
function quantile(sorted: readonly number[], share: number): number | null {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  return value === undefined ? null : Math.round(value * 10) / 10;
}

function entropy(counts: readonly number[]): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const bits = counts.reduce((sum, count) => sum - (count / total) * Math.log2(count / total), 0);
  return Math.max(0, Math.round(bits * 100) / 100);
}

function part(count: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((count / whole) * 1e6) / 1e6;
}
