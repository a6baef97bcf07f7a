import type { Entry } from '../entry.js';
import { costDrift } from '../estimate/estimator.js';
import { parseUsdRounded, type Picodollars } from '../money.js';

/** The seeds' limit: a cost further than 30 % from its estimate is logged as COST_DRIFT (R18). */
export const defaultDriftThreshold = 0.3;

/** Estimates below 0.0001 USD are compared as if they were that: nobody minds fractions of it (R18). */
export const leastComparedEstimate: Picodollars = 100_000_000n;

const parts = 1_000_000;

/** A threshold in whole millionths, as exact comparisons need it. Throws a RangeError when it is none. */
export function driftMillionths(threshold: number): bigint {
  if (!Number.isFinite(threshold) || threshold < 0 || threshold > 1_000) {
    throw new RangeError(`${threshold} is no threshold of drift: use 0.3 for 30 %, at most 1000`);
  }
  return BigInt(Math.round(threshold * parts));
}

/** Whether a cost lies further from its estimate than the threshold, decided exactly. */
export function isDrifted(
  estimated: Picodollars,
  actual: Picodollars,
  threshold = defaultDriftThreshold,
): boolean {
  const base = estimated > leastComparedEstimate ? estimated : leastComparedEstimate;
  const difference = actual > estimated ? actual - estimated : estimated - actual;
  return difference * BigInt(parts) > driftMillionths(threshold) * base;
}

/** The drift of a call as its row shows it: six decimals; null for adjustments and what is not known. */
export function rowDrift(
  kind: Entry['kind'],
  estimatedUsd: string | null,
  costUsd: string | null,
): number | null {
  if (kind === 'adjustment' || estimatedUsd === null || costUsd === null) return null;
  return costDrift(parseUsdRounded(estimatedUsd), parseUsdRounded(costUsd));
}

/** Whether a row's drift is beyond the threshold (COST_DRIFT). */
export function isRowDrifted(
  row: { estimated_usd: string | null; cost_usd: string | null; cost_drift: number | null },
  threshold = defaultDriftThreshold,
): boolean {
  if (row.cost_drift === null || row.estimated_usd === null || row.cost_usd === null) return false;
  return isDrifted(parseUsdRounded(row.estimated_usd), parseUsdRounded(row.cost_usd), threshold);
}
