import type { PriceRule } from '../price-rows.js';

/** The one name, in lower case, for all rules that are about the same model. */
export type ModelOf = (rule: Pick<PriceRule, 'provider' | 'model'>) => string;

const asNamed: ModelOf = ({ model }) => model.toLowerCase();

type Period = Pick<PriceRule, 'from' | 'to'>;

/** When a rule begins to hold, in milliseconds since the epoch; minus infinity for since ever. */
export function beginOf({ from }: Period): number {
  return from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
}

/** When a rule ceases to hold; infinity for never. */
export function endOf({ to }: Period): number {
  return to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
}

/**
 * The calls that a rule is about, its time left aside: rules with one key compete with each other.
 *
 * @param modelOf the model that a rule is about, where ids and aliases of one are told apart otherwise.
 */
export function subjectKey(rule: PriceRule, modelOf: ModelOf = asNamed): string {
  const when = Object.entries(rule.when ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    rule.provider,
    modelOf(rule),
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

/** For sorting by time; infinities have no difference. */
export function compareTimes(left: number, right: number): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/**
 * Pairs out of what competes for the same calls, earlier one first: two that begin at once, or one that
 * begins although an earlier one says that it still holds. One without an end gives way, so it is in no
 * such pair. Each is named with one of those that it clashes with.
 */
export function clashes<Item>(
  items: readonly Item[],
  periodOf: (item: Item) => Period,
): [first: Item, second: Item][] {
  const pairs: [Item, Item][] = [];
  let latest: Item | undefined;
  let longest: Item | undefined;
  const sorted = items.toSorted((left, right) =>
    compareTimes(beginOf(periodOf(left)), beginOf(periodOf(right))),
  );
  for (const item of sorted) {
    const begin = beginOf(periodOf(item));
    if (latest !== undefined && beginOf(periodOf(latest)) === begin) pairs.push([latest, item]);
    else if (longest !== undefined && endOf(periodOf(longest)) > begin) pairs.push([longest, item]);
    latest = item;
    if (periodOf(item).to === undefined) continue;
    const longer = longest === undefined || endOf(periodOf(item)) > endOf(periodOf(longest));
    if (longer) longest = item;
  }
  return pairs;
}
