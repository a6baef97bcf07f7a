import { divideHalfEven, formatUsd, parseUsd } from '../money.js';
import { addsUp, unitOf } from './measure-units.js';
import type { Measure, QueryRow } from './query.js';

/** Measures that follow from sums: what they divide by what, and by how much that is multiplied. */
const quotients: Partial<Record<Measure, { of: Measure; by: Measure; times?: bigint }>> = {
  cost_average: { of: 'cost_of_calls', by: 'priced_calls' },
  cost_per_1k_calls: { of: 'cost_of_calls', by: 'priced_calls', times: 1000n },
  tokens_input_average: { of: 'tokens_input', by: 'calls' },
  tokens_output_average: { of: 'tokens_output', by: 'calls' },
  output_input_ratio: { of: 'tokens_output', by: 'tokens_input' },
  cache_hit_ratio: { of: 'tokens_cache_read', by: 'tokens_input' },
  error_rate: { of: 'errors', by: 'calls' },
};

/** Whether what is left of a total tells this measure of the rest. */
export function followsFromSums(measure: Measure): boolean {
  return addsUp(measure) || Object.hasOwn(quotients, measure);
}

/** By these it is known whether the rest has a cost. */
const known: readonly Measure[] = ['priced_calls', 'unpriced_calls'];

/** The sums that the rest of these measures is made from. */
export function sumsFor(measures: readonly Measure[]): Measure[] {
  const sums = measures.flatMap((measure) => {
    const quotient = quotients[measure];
    return quotient === undefined ? [measure] : [measure, quotient.of, quotient.by];
  });
  return [...new Set([...sums, ...known])];
}

/**
 * What is left of the totals after some rows of it, so that the rows and this add up to them; of rows and
 * totals with `sumsFor` these measures. What does not follow from sums (percentiles, different users) is
 * null: the rest's is not known from these.
 */
export function restOf(
  totals: QueryRow,
  rows: readonly QueryRow[],
  measures: readonly Measure[],
): QueryRow {
  const isUnknown =
    Number(left(totals, rows, 'priced_calls') ?? 1) <= 0 &&
    Number(left(totals, rows, 'unpriced_calls') ?? 0) > 0;
  return Object.fromEntries(
    measures.map((measure) => {
      const amount = isUnknown && unitOf(measure) === 'usd' ? left(totals, rows, measure) : null;
      // Of calls without a price nothing is not what they cost.
      if (amount === '0') return [measure, null];
      const quotient = quotients[measure];
      if (quotient !== undefined) return [measure, divided(totals, rows, quotient)];
      return [measure, addsUp(measure) ? left(totals, rows, measure) : null];
    }),
  );
}

function divided(
  totals: QueryRow,
  rows: readonly QueryRow[],
  { of, by, times = 1n }: { of: Measure; by: Measure; times?: bigint },
): string | number | null {
  const dividend = left(totals, rows, of);
  const divisor = Number(left(totals, rows, by) ?? 0);
  if (dividend === null || divisor <= 0) return null;
  if (unitOf(of) !== 'usd') return Number(dividend) / divisor;
  return formatUsd(divideHalfEven(parseUsd(String(dividend)) * times, BigInt(divisor)));
}

function left(
  totals: QueryRow,
  rows: readonly QueryRow[],
  measure: Measure,
): string | number | null {
  const total = totals[measure];
  if (total == null) return null;
  const values = rows.map((row) => row[measure] ?? 0);
  if (unitOf(measure) !== 'usd') {
    return values.reduce<number>((rest, value) => rest - Number(value), Number(total));
  }
  return formatUsd(
    values.reduce<bigint>((rest, value) => rest - parseUsd(String(value)), parseUsd(String(total))),
  );
}
