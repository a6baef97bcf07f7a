import { sumOf } from '../../packages/core/src/forecast/series.js';

/** How one forecast went. */
export interface Row {
  /** What the whole period took. */
  actual: number;
  /** By method, in the same unit. */
  errors: Record<string, number>;
  within80: boolean;
  within95: boolean;
}

export interface Score {
  count: number;
  /** By method: sum of errors ÷ sum of what came, and the median of error ÷ what came. */
  errors: Record<string, { wape: number; median: number }>;
  coverage80: number;
  coverage95: number;
}

export function score(rows: readonly Row[]): Score {
  const whole = sumOf(rows.map(({ actual }) => actual));
  const methods = Object.keys(rows[0]!.errors);
  return {
    count: rows.length,
    errors: Object.fromEntries(
      methods.map((method) => [
        method,
        {
          wape: sumOf(rows.map(({ errors }) => errors[method]!)) / whole,
          median: median(
            rows.flatMap(({ actual, errors }) => (actual > 0 ? [errors[method]! / actual] : [])),
          ),
        },
      ]),
    ),
    coverage80: rows.filter(({ within80 }) => within80).length / rows.length,
    coverage95: rows.filter(({ within95 }) => within95).length / rows.length,
  };
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
