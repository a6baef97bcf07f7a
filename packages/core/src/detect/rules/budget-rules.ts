/** Of a sum of many small amounts, so much is rounding: what is spent in whole is not more than that. */
const rounding = 1e-9;

/** More than a fixed amount, both in the same unit. */
export function isOverCap(spent: number, cap: number): boolean {
  return spent > cap + Math.abs(cap) * rounding;
}

export interface ProRataTerms {
  /** Share of the day's budget that is not to be spent … */
  share: number;
  /** … in this first share of the day. */
  within: number;
}

/** 30 % of the day's budget in its first two hours. */
export const usualProRata: ProRataTerms = { share: 0.3, within: 2 / 24 };

/**
 * Whether a day's budget runs out early: `spent` of `budget` (USD) when `elapsed` (0 to 1) of the day has
 * passed. Without a budget it never does.
 */
export function isAheadOfBudget(
  spent: number,
  budget: number,
  elapsed: number,
  terms: ProRataTerms = usualProRata,
): boolean {
  return budget > 0 && elapsed <= terms.within && spent >= terms.share * budget * (1 - rounding);
}
