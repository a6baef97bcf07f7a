import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseUsd, toDecimal } from '../../money/usd.js';
import { waterfallScale } from './waterfall-scale.js';

/** A way from a sum to another one, step by step. */
function wayOf(before: bigint, amounts: readonly bigint[]) {
  let level = before;
  const steps = amounts.map((amount) => {
    const from = level;
    level += amount;
    return { from_usd: toDecimal(from), to_usd: toDecimal(level) };
  });
  return { before_usd: toDecimal(before), after_usd: toDecimal(level), steps };
}

const dollars = (count: number) => BigInt(count) * 10n ** 12n;

it('draws whole sums from nothing where the steps are large beside them', () => {
  const scale = waterfallScale(wayOf(dollars(60), [dollars(60), -dollars(20)]));
  expect(scale.begins).toBe(0n);
  expect(scale.before).toEqual({ from: 0, to: 0.5 });
  expect(scale.steps[0]).toEqual({ from: 0.5, to: 1 });
  expect(scale.after.to).toBeCloseTo(100 / 120);
});

it('cuts the axis off where the steps could not be seen, and says where it begins', () => {
  const scale = waterfallScale(wayOf(dollars(1000), [dollars(9), -dollars(3)]));
  expect(scale.begins).toBe(dollars(999));
  expect(scale.before).toEqual({ from: 0, to: 0.1 });
  expect(scale.steps[0]!.to).toBe(1);
});

it('has room on the left for sums below nothing', () => {
  const scale = waterfallScale(wayOf(dollars(10), [-dollars(30)]));
  expect(scale.after).toEqual({ from: 0, to: 20 / 30 });
  expect(scale.before).toEqual({ from: 20 / 30, to: 1 });
});

it('lays every step where the one before it ended, within the width', () => {
  const amount = fc.bigInt(-(10n ** 15n), 10n ** 15n);
  fc.assert(
    fc.property(
      fc.bigInt(0n, 10n ** 15n),
      fc.array(amount, { maxLength: 12 }),
      (before, amounts) => {
        const way = wayOf(before, amounts);
        const scale = waterfallScale(way);
        for (const { from, to } of [scale.before, scale.after, ...scale.steps]) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(1);
          expect(from).toBeLessThanOrEqual(to);
        }
        way.steps.forEach(({ from_usd: start, to_usd: end }, index) => {
          const { from, to } = scale.steps[index]!;
          const next = scale.steps[index + 1];
          const reached = parseUsd(start) < parseUsd(end) ? to : from;
          if (next)
            expect(Math.min(Math.abs(next.from - reached), Math.abs(next.to - reached))).toBe(0);
        });
      },
    ),
  );
});
