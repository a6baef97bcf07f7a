import { formatPico, parseUsd, sumUsd, toDecimal } from '../money/usd.js';

/** The rest of all values that have no series of their own. Not a possible tag value. */
export const other = Symbol('other');
export type SeriesKey = string | null | typeof other;

export interface Series {
  key: SeriesKey;
  /** Exact USD per bucket, as decimal strings. */
  amounts: string[];
  total: string;
}

/** Spend by bucket and series, largest series first and `other` last. */
export interface Stack {
  /** Starts of the buckets, in milliseconds since 1970. */
  starts: number[];
  series: Series[];
  totals: string[];
}

export interface BucketAmount {
  /** Milliseconds since 1970. */
  start: number;
  key: string | null;
  usd: string | null;
}

/**
 * Arranges amounts by bucket and value. What the totals hold beyond the named values becomes the
 * series `other`, so that the stack always adds up to the total, to the last digit.
 */
export function stackAmounts(
  starts: number[],
  ranked: readonly (string | null)[],
  amounts: readonly BucketAmount[],
  totals: readonly { start: number; usd: string | null }[],
): Stack {
  const position = new Map(starts.map((start, index) => [start, index]));
  const columns = new Map(ranked.map((key) => [key, starts.map(() => 0n)]));
  for (const { start, key, usd } of amounts) {
    const [index, column] = [position.get(start), columns.get(key)];
    if (index !== undefined && column && usd !== null) column[index]! += parseUsd(usd);
  }
  const rest = starts.map(() => 0n);
  for (const { start, usd } of totals) {
    const index = position.get(start);
    if (index !== undefined && usd !== null) rest[index]! += parseUsd(usd);
  }
  for (const column of columns.values())
    column.forEach((amount, index) => {
      rest[index]! -= amount;
    });
  // Both queries see a moving ledger; a call booked between them must not show as negative spend.
  const clamped = rest.map((amount) => (amount < 0n ? 0n : amount));
  const series: Series[] = [...columns].map(([key, column]) => seriesOf(key, column));
  if (clamped.some((amount) => amount > 0n)) series.push(seriesOf(other, clamped));
  const sums = starts.map((_, index) =>
    toDecimal(sumUsd(series.map((each) => each.amounts[index]!))),
  );
  return { starts, series, totals: sums };
}

function seriesOf(key: SeriesKey, column: bigint[]): Series {
  const total = column.reduce((sum, amount) => sum + amount, 0n);
  return { key, amounts: column.map(toDecimal), total: toDecimal(total) };
}

/**
 * Heights for drawing: for each series, the sum of it and all below it. Drawn from the top series
 * down, each bar covers the lower part of the one before. Nothing so far is null, which draws nothing.
 */
export function cumulative(stack: Stack): (number | null)[][] {
  const running = stack.starts.map(() => 0);
  return stack.series.map(({ amounts }) =>
    amounts.map((amount, index) => (running[index]! += Number(amount)) || null),
  );
}

/** What a bucket holds, largest first, without what is nothing. */
export function readOut(stack: Stack, index: number): { key: SeriesKey; usd: string }[] {
  return stack.series
    .map((series): { key: SeriesKey; usd: string } => ({
      key: series.key,
      usd: series.amounts[index] ?? '0',
    }))
    .filter(({ usd }) => parseUsd(usd) > 0n)
    .sort((left, right) => (parseUsd(right.usd) > parseUsd(left.usd) ? 1 : -1));
}

/** A label of the money axis: cents, or as many digits as the step between labels needs. */
export function axisLabel(usd: number, step: number): string {
  if (usd === 0) return '$0';
  if (step >= 1) return formatPico(BigInt(Math.round(usd)) * 10n ** 12n).replace(/\.00$/, '');
  return `$${usd.toFixed(Math.min(12, Math.max(2, Math.ceil(-Math.log10(step) - 1e-9))))}`;
}
