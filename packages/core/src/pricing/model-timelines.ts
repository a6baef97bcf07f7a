import { decimalOf, formatDecimal } from './decimal.js';
import type { DailyWindow, PriceConditions, PriceRule, Threshold } from './price-rows.js';

/** The calls that a row is about, beside their time: empty for all. */
export interface Subject {
  when?: PriceConditions;
  threshold?: Threshold;
  daily?: DailyWindow;
}

/** By subject: what rows state for it, by unit, in every one of the stretches of time asked for. */
export type ModelTimelines = Map<
  string,
  { subject: Subject; values: Map<string, (string | undefined)[]> }
>;

/**
 * What the rows of one model state over time. Each subject (a tier, a band of input tokens, hours of
 * the day) stands for itself, as the rows are published; they are not multiplied with each other.
 *
 * @param times where stretches begin, in milliseconds since the epoch, rising.
 */
export function modelTimelines(
  rules: readonly PriceRule[],
  times: readonly number[],
): ModelTimelines {
  const timelines: ModelTimelines = new Map();
  timelines.set(keyOf({}), { subject: {}, values: new Map() });
  times.forEach((time, stretch) => {
    for (const rule of rules) {
      if (!holdsAt(rule, time)) continue;
      const subject = subjectOf(rule);
      const key = keyOf(subject);
      if (rule.complete) clear(timelines, stretch, subject);
      const known = timelines.get(key) ?? { subject, values: new Map() };
      timelines.set(key, known);
      for (const [unit, value] of factsOf(rule)) {
        const values = known.values.get(unit) ?? times.map(() => undefined);
        values[stretch] = value;
        known.values.set(unit, values);
      }
    }
  });
  return timelines;
}

/** A complete price list ends what earlier rows said, also for its bands; one for some hours, of those. */
function clear(timelines: ModelTimelines, stretch: number, { daily }: Subject): void {
  for (const { subject, values } of timelines.values()) {
    if (daily !== undefined && JSON.stringify(subject.daily) !== JSON.stringify(daily)) continue;
    for (const line of values.values()) line[stretch] = undefined;
  }
}

function holdsAt({ from, to }: PriceRule, time: number): boolean {
  return (
    (from === undefined || Date.parse(from) <= time) && (to === undefined || time < Date.parse(to))
  );
}

function subjectOf({ when, threshold, daily }: PriceRule): Subject {
  return {
    ...(when === undefined ? {} : { when }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(daily === undefined ? {} : { daily }),
  };
}

function keyOf({ when, threshold, daily }: Subject): string {
  const conditions = Object.entries(when ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([conditions, threshold?.op, threshold?.tokens, daily]);
}

/** Everything that a row says, by name. Figures are written without trailing zeros. */
function factsOf(rule: PriceRule): [name: string, value: string][] {
  const plain = (text: string) => formatDecimal(decimalOf(text));
  return [
    ...Object.entries(rule.rates ?? {}).map(([unit, rate]) => fact(unit, plain(rate))),
    ...Object.entries(rule.multiply ?? {}).map(([unit, by]) => fact(`× ${unit}`, plain(by))),
    ...Object.entries(rule.derive ?? {}).map(([unit, [from, by]]) =>
      fact(`derived ${unit}`, `${plain(by)} × ${from}`),
    ),
    ...Object.entries(rule.minimum ?? {}).map(([unit, least]) =>
      fact(`least ${unit}`, String(least)),
    ),
    ...(rule.contract === undefined ? [] : [fact('contract', rule.contract)]),
    ...(rule.same_as === undefined ? [] : [fact('same_as', rule.same_as)]),
  ];
}

function fact(name: string, value: string): [string, string] {
  return [name, value];
}
