import type { PriceRule } from '../price-rows.js';
import { beginOf, compareTimes, endOf, subjectKey, type ModelOf } from './period.js';

/**
 * Rules of one file in the order in which they are to apply, whatever order they stand in: general
 * before particular (conditions, bands of input tokens), earlier before later. A discount gives way
 * while a later one for the same calls holds, instead of being taken off twice.
 */
export function arrangeRules(rules: readonly PriceRule[], modelOf?: ModelOf): PriceRule[] {
  return relieveDiscounts(rules, modelOf).toSorted(
    (left, right) =>
      particularity(left) - particularity(right) ||
      narrowness(left) - narrowness(right) ||
      compareTimes(beginOf(left), beginOf(right)),
  );
}

function particularity(rule: PriceRule): number {
  return Object.keys(rule.when ?? {}).length + (rule.threshold === undefined ? 0 : 1);
}

/** Of two bands, the one that fewer calls fall into is to apply later. */
function narrowness({ threshold }: PriceRule): number {
  if (threshold === undefined) return 0;
  return threshold.op.startsWith('gt') ? threshold.tokens : -threshold.tokens;
}

function relieveDiscounts(rules: readonly PriceRule[], modelOf?: ModelOf): PriceRule[] {
  const bySubject = new Map<string, PriceRule[]>();
  for (const rule of rules) {
    if (rule.multiply === undefined) continue;
    const key = subjectKey(rule, modelOf);
    const known = bySubject.get(key);
    if (known === undefined) bySubject.set(key, [rule]);
    else known.push(rule);
  }
  const relieved = new Map<PriceRule, PriceRule[]>();
  for (const rivals of bySubject.values()) {
    const sorted = rivals.toSorted((left, right) => compareTimes(beginOf(left), beginOf(right)));
    sorted.forEach((rule, index) => relieved.set(rule, withoutPeriods(rule, sorted, index + 1)));
  }
  return rules.flatMap((rule) => relieved.get(rule) ?? [rule]);
}

/** The parts of a rule's time in which none of those from an index on holds. */
function withoutPeriods(rule: PriceRule, others: readonly PriceRule[], start: number): PriceRule[] {
  const parts: PriceRule[] = [];
  let rest: PriceRule | undefined = rule;
  for (let index = start; index < others.length; index++) {
    const other = others[index] as PriceRule;
    if (rest === undefined || beginOf(other) >= endOf(rest)) break;
    if (beginOf(other) === beginOf(rule)) continue;
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
