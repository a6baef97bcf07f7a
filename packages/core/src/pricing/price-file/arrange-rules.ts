import type { PriceRule } from '../price-rows.js';
import { beginOf, endOf, subjectKey } from './period.js';

/**
 * Rules of one file in the order in which they are to apply, whatever order they stand in: general
 * before particular (conditions, bands of input tokens), earlier before later. A discount gives way
 * while a later one for the same calls holds, instead of being taken off twice.
 */
export function arrangeRules(rules: readonly PriceRule[]): PriceRule[] {
  return relieveDiscounts(rules).toSorted(
    (left, right) =>
      particularity(left) - particularity(right) ||
      (left.threshold?.tokens ?? 0) - (right.threshold?.tokens ?? 0) ||
      compareTimes(beginOf(left), beginOf(right)),
  );
}

function particularity(rule: PriceRule): number {
  return Object.keys(rule.when ?? {}).length + (rule.threshold === undefined ? 0 : 1);
}

function compareTimes(left: number, right: number): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function relieveDiscounts(rules: readonly PriceRule[]): PriceRule[] {
  const bySubject = new Map<string, PriceRule[]>();
  for (const rule of rules) {
    if (rule.multiply === undefined) continue;
    const key = subjectKey(rule);
    const known = bySubject.get(key);
    if (known === undefined) bySubject.set(key, [rule]);
    else known.push(rule);
  }
  return rules.flatMap((rule) => {
    const rivals = rule.multiply === undefined ? [] : (bySubject.get(subjectKey(rule)) ?? []);
    const later = rivals
      .filter((rival) => beginOf(rival) > beginOf(rule))
      .toSorted((left, right) => compareTimes(beginOf(left), beginOf(right)));
    return withoutPeriods(rule, later);
  });
}

/** The parts of a rule's time in which none of the others holds. */
function withoutPeriods(rule: PriceRule, others: readonly PriceRule[]): PriceRule[] {
  const parts: PriceRule[] = [];
  let rest: PriceRule | undefined = rule;
  for (const other of others) {
    if (rest === undefined || beginOf(other) >= endOf(rest)) break;
    if (beginOf(other) > beginOf(rest) && other.from !== undefined) {
      parts.push({ ...rest, to: other.from });
    }
    if (endOf(other) <= beginOf(rest)) continue;
    rest =
      other.to === undefined || endOf(other) >= endOf(rest)
        ? undefined
        : { ...rest, from: other.to };
  }
  if (rest !== undefined) parts.push(rest);
  return parts;
}
