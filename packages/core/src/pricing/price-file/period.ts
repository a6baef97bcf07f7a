import type { PriceRule } from '../price-rows.js';

/** When a rule begins to hold, in milliseconds since the epoch; minus infinity for since ever. */
export function beginOf({ from }: Pick<PriceRule, 'from'>): number {
  return from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
}

/** When a rule ceases to hold; infinity for never. */
export function endOf({ to }: Pick<PriceRule, 'to'>): number {
  return to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
}

/** The calls that a rule is about, its time left aside: rules with one key compete with each other. */
export function subjectKey(rule: PriceRule): string {
  const when = Object.entries(rule.when ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    rule.provider,
    rule.model.toLowerCase(),
    when,
    rule.threshold?.op,
    rule.threshold?.tokens,
    rule.daily,
  ]);
}

/** What a rule sets: units of its rates, `discount`. */
export function settingsOf(rule: PriceRule): string[] {
  const discount = rule.multiply === undefined ? [] : ['discount'];
  return [...Object.keys(rule.rates ?? {}), ...discount];
}
