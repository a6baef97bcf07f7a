import { spreadOf } from './deviation.js';

/** What a rule said of one value. */
export interface ZScore {
  fires: boolean;
  mean: number;
  deviation: number;
  z: number;
}

export interface ZScoreTerms {
  /** Values that are looked back on, the one that is judged among them. */
  window: number;
  /** Fires beyond so many standard deviations, above or below. */
  threshold: number;
  /** Says nothing before so many values. */
  least: number;
}

/** As the rule is usually given. */
export const usualZScore: ZScoreTerms = { window: 100, threshold: 2, least: 10 };

/**
 * The last of `recent` (oldest first) against all of them, by standard deviations. Where they are all alike
 * it does not fire; null where there are too few.
 */
export function zScore(recent: readonly number[], terms: ZScoreTerms = usualZScore): ZScore | null {
  const values = recent.slice(-terms.window);
  const value = values.at(-1);
  if (value === undefined || values.length < terms.least) return null;
  const { mean, deviation } = spreadOf(values);
  const z = deviation === 0 ? 0 : (value - mean) / deviation;
  return { fires: Math.abs(z) > terms.threshold, mean, deviation, z };
}
