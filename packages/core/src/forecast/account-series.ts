import type { QueryRow } from '../report/query.js';
import type { Series } from './series.js';

/**
 * What an account took by day or hour, from its first on; the step that runs counts as far as it is over.
 * Null where it never took anything.
 */
export function accountSeries(
  rows: readonly QueryRow[],
  now: number,
  { step, season }: { step: number; season: number },
  taken: (row: QueryRow) => number,
  /** The first call of all, where it came in the step that runs. */
  begins: number | null = null,
): Series | null {
  const begun = Math.floor(now / step) * step;
  const byStep = new Map<number, number>();
  for (const row of rows) {
    const at = Date.parse(String(row['bucket']));
    if (Number.isNaN(at) || at > begun) continue;
    byStep.set(at, (byStep.get(at) ?? 0) + Math.max(0, taken(row)));
  }
  const first = Math.min(...byStep.keys());
  if (!Number.isFinite(first)) return null;
  // The first step began somewhere in its middle, which counts only while there is little else.
  const from = (begun - first) / step > 3 ? first + step : first;
  const values: number[] = [];
  for (let at = from; at < begun; at += step) values.push(byStep.get(at) ?? 0);
  // Days: 1970-01-01 was a Thursday; hours: midnight. Only that a step keeps its place matters.
  const phase = Math.floor(from / step) % season;
  return {
    values,
    season,
    phase,
    running: {
      value: byStep.get(begun) ?? 0,
      elapsed: Math.min(1, (now - begun) / step),
      ...(begins === null ? {} : { seen: Math.min(1, (now - begins) / step) }),
    },
  };
}
