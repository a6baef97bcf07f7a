import type { Cell } from './gather-cells.js';
import type { Scenario } from './scenario.js';
import type { CacheShares } from './simulated-cache.js';
import { inputOf, mapTokens, type TokenSums } from './usage-sums.js';

/** The tokens of a cell under a scenario, for the least, the likely and the largest cost. */
export function scenarioTokens(
  cell: Cell,
  scenario: Scenario,
  staysAtProvider: boolean,
  cache: CacheShares | null,
): { low: TokenSums; expected: TokenSums; high: TokenSums } {
  const { tokens } = cell.usage;
  let variants = { low: tokens, expected: tokens, high: tokens };
  if (scenario.output_cap !== undefined || scenario.output_factor !== undefined) {
    const output = Math.max(tokens.output - cell.outputOver, 0) * (scenario.output_factor ?? 1);
    variants = each(variants, (counts) => ({ ...counts, output }));
  }
  const removed = removedHistory(cell);
  if (removed > 0) {
    variants = {
      // Old turns come early in a prompt, where the cache is; they may be new all the same.
      low: removeInput(variants.low, removed, ['input_uncached']),
      expected: removeInput(variants.expected, removed, []),
      high: removeInput(variants.high, removed, ['cache_read']),
    };
  }
  if (cache !== null) {
    return {
      low: played(variants.low, cache, 1 + simulationError),
      expected: played(variants.expected, cache, 1),
      high: played(variants.high, cache, 1 - simulationError),
    };
  }
  const ratio = scenario.cache_hit_ratio;
  if (ratio === undefined) {
    return staysAtProvider ? variants : { ...variants, high: withoutReads(variants.high) };
  }
  return {
    low: cached(variants.low, ratio, 0),
    expected: cached(variants.expected, ratio, 0.5),
    high: cached(variants.high, ratio, 1),
  };
}

function each(
  variants: { low: TokenSums; expected: TokenSums; high: TokenSums },
  change: (tokens: TokenSums) => TokenSums,
): { low: TokenSums; expected: TokenSums; high: TokenSums } {
  return {
    low: change(variants.low),
    expected: change(variants.expected),
    high: change(variants.high),
  };
}

/** History beyond the cap, as far as the calls that were taken apart tell of all. */
function removedHistory({ prompt, usage }: Cell): number {
  if (prompt === null || prompt.tokens <= 0) return 0;
  return (prompt.historyOver / prompt.tokens) * inputOf(usage.tokens);
}

type InputKind = Exclude<keyof TokenSums, 'output'>;

/** Takes input away, from these kinds first and then from all in proportion. */
function removeInput(tokens: TokenSums, removed: number, first: InputKind[]): TokenSums {
  let left = removed;
  const counts = { ...tokens };
  for (const kind of first) {
    const taken = Math.min(counts[kind], left);
    counts[kind] -= taken;
    left -= taken;
  }
  const input = inputOf(counts);
  if (left <= 0 || input <= 0) return counts;
  const share = Math.max(1 - left / input, 0);
  return mapTokens(counts, (count, kind) => (kind === 'output' ? count : count * share));
}

/** Another provider's cache may need settings that the requests lack: then nothing is read from it. */
function withoutReads(tokens: TokenSums): TokenSums {
  return { ...tokens, input_uncached: tokens.input_uncached + tokens.cache_read, cache_read: 0 };
}

/** How far the simulated cache was off against a true one (docs/benchmarks.md), rounded up. */
const simulationError = 0.05;

/** The input as a simulated cache would have it, with `by` times its reads. */
function played(tokens: TokenSums, { read, written, setting }: CacheShares, by: number): TokenSums {
  const input = inputOf(tokens);
  const reads = Math.min(read * by, 1);
  // What is read more was not new after all, or need not be written.
  const writes = Math.min(written, 1 - reads);
  return {
    ...tokens,
    input_uncached: input * (1 - reads - writes),
    cache_read: input * reads,
    cache_write: 0,
    cache_write_5m: setting === '1h' ? 0 : input * writes,
    cache_write_1h: setting === '1h' ? input * writes : 0,
  };
}

/** So much of the input from the cache; of the rest, `written` is written to it. */
function cached(tokens: TokenSums, ratio: number, written: number): TokenSums {
  const input = inputOf(tokens);
  const rest = input * (1 - ratio);
  return {
    ...tokens,
    input_uncached: rest * (1 - written),
    cache_read: input * ratio,
    cache_write: 0,
    cache_write_5m: rest * written,
    cache_write_1h: 0,
  };
}
