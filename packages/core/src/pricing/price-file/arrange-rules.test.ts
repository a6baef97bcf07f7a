import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PriceRule } from '../price-rows.js';
import { arrangeRules } from './arrange-rules.js';
import { beginOf, endOf } from './period.js';

const day = (number: number) => new Date(number * 86_400_000).toISOString();
const discount = (factor: string, from?: number, to?: number): PriceRule => ({
  provider: 'acme',
  model: '*',
  multiply: { all: factor },
  ...(from === undefined ? {} : { from: day(from) }),
  ...(to === undefined ? {} : { to: day(to) }),
  source: 'test',
});
const holdAt = (rules: readonly PriceRule[], time: number) =>
  rules.filter((rule) => beginOf(rule) <= time && time < endOf(rule));

test('law: of the discounts for the same calls, the one that began last is the one that holds', () => {
  const period = fc.tuple(
    fc.nat(20),
    fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  );
  const periods = fc.uniqueArray(period, { selector: ([from]) => from, maxLength: 6 });
  fc.assert(
    fc.property(periods, (dated) => {
      const rules = dated.map(([from, length], index) =>
        discount(`0.${index + 1}`, from, length === undefined ? undefined : from + length),
      );
      const arranged = arrangeRules(rules);
      for (let number = -1; number < 32; number++) {
        const time = number * 86_400_000;
        const last = holdAt(rules, time)
          .toSorted((left, right) => beginOf(left) - beginOf(right))
          .at(-1);
        const holding = holdAt(arranged, time).map(({ multiply }) => multiply);
        expect(holding).toEqual(last === undefined ? [] : [last.multiply]);
      }
    }),
  );
});

test('a discount since ever gives way and comes back', () => {
  const [always, special] = [discount('0.9'), discount('0.5', 3, 5)];
  expect(arrangeRules([special, always])).toEqual([
    { ...always, to: day(3) },
    special,
    { ...always, from: day(5) },
  ]);
});

test('of bands, the narrower one applies later', () => {
  const band = (op: 'gt' | 'lt', tokens: number): PriceRule => ({
    provider: 'acme',
    model: 'anvil-1',
    threshold: { op, tokens },
    rates: { input: '1' },
    source: 'test',
  });
  const tokens = (rules: PriceRule[]) =>
    arrangeRules(rules).map(({ threshold }) => threshold?.tokens);
  expect(tokens([band('gt', 2), band('gt', 1)])).toEqual([1, 2]);
  expect(tokens([band('lt', 1), band('lt', 2)])).toEqual([2, 1]);
});
