import { parseUsd } from '../money/usd.js';

/** How far a call's cost is from what was expected of it. */
export interface CostDrift {
  /** (actual − expected) ÷ expected; null when nothing was expected. */
  share: number | null;
  /** Beyond what is taken for chance: COST_DRIFT. */
  isDrift: boolean;
}

/** Below this expectation (USD) the difference is held against it: a tenth of a cent is no drift. */
const least = parseUsd('0.0001');

/** More than 30 % of the expected cost, or of 0.0001 USD where that is more (requirement R18). */
export function costDrift(expected: string, actual: string): CostDrift {
  const [before, after] = [parseUsd(expected), parseUsd(actual)];
  const difference = after - before;
  const size = difference < 0n ? -difference : difference;
  const base = before > least ? before : least;
  return {
    share: before === 0n ? null : Number((difference * 10_000n) / before) / 10_000,
    isDrift: size * 10n > base * 3n,
  };
}

/** `+41%`, `−8%`; tenths below ten. */
export function formatDrift(share: number | null): string {
  if (share === null) return '–';
  const percent = Math.abs(share * 100);
  const digits = percent < 10 && percent % 1 !== 0 ? 1 : 0;
  const text = percent.toFixed(digits);
  return Number(text) === 0 ? '±0%' : `${share < 0 ? '−' : '+'}${text}%`;
}
