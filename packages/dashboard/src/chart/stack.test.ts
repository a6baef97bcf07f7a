import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUsd, sumUsd, toDecimal } from '../money/usd.js';
import { assignSlots, slotColour } from './palette.js';
import { axisLabel, cumulative, other, readOut, stackAmounts } from './stack.js';

const starts = [0, 3_600_000];

describe('stackAmounts', () => {
  const stack = stackAmounts(
    starts,
    ['checkout', null],
    [
      { start: 0, key: 'checkout', usd: '0.1' },
      { start: 0, key: null, usd: '0.2' },
      { start: 3_600_000, key: null, usd: '5' },
      { start: 3_600_000, key: 'checkout', usd: null },
    ],
    [
      { start: 0, usd: '0.300000000001' },
      { start: 3_600_000, usd: '5' },
    ],
  );

  it('makes what the totals hold beyond the named values a series of its own', () => {
    expect(stack.series).toEqual([
      { key: 'checkout', amounts: ['0.1', '0'], total: '0.1' },
      { key: null, amounts: ['0.2', '5'], total: '5.2' },
      { key: other, amounts: ['0.000000000001', '0'], total: '0.000000000001' },
    ]);
    expect(stack.totals).toEqual(['0.300000000001', '5']);
  });

  it('reads a bucket out largest first, without what is nothing', () => {
    expect(readOut(stack, 0).map(({ key }) => key)).toEqual([null, 'checkout', other]);
    expect(readOut(stack, 1)).toEqual([{ key: null, usd: '5' }]);
  });

  it('stacks heights upwards', () => {
    expect(cumulative(stack).map((heights) => heights[1])).toEqual([null, 5, 5]);
  });

  it('has no other series when every value has its own', () => {
    const all = stackAmounts(
      [0],
      ['a'],
      [{ start: 0, key: 'a', usd: '1' }],
      [{ start: 0, usd: '1' }],
    );
    expect(all.series.map(({ key }) => key)).toEqual(['a']);
  });

  it('never shows negative spend when a call was booked between the two queries', () => {
    const moved = stackAmounts(
      [0],
      ['a'],
      [{ start: 0, key: 'a', usd: '2' }],
      [{ start: 0, usd: '1' }],
    );
    expect(moved.series).toHaveLength(1);
    expect(moved.totals).toEqual(['2']);
  });

  it('adds up to the totals exactly', () => {
    const usd = fc.bigInt(0n, 10n ** 20n).map(toDecimal);
    fc.assert(
      fc.property(usd, usd, usd, (a, b, rest) => {
        const total = toDecimal(sumUsd([a, b, rest]));
        const { series, totals } = stackAmounts(
          [0],
          ['a', 'b'],
          [
            { start: 0, key: 'a', usd: a },
            { start: 0, key: 'b', usd: b },
          ],
          [{ start: 0, usd: total }],
        );
        expect(parseUsd(totals[0]!)).toBe(parseUsd(total));
        expect(sumUsd(series.map((each) => each.total))).toBe(parseUsd(total));
      }),
    );
  });
});

describe('colours', () => {
  it('stay with their values when the ranking changes', () => {
    const first = assignSlots(new Map(), ['a', 'b', 'c', other]);
    const second = assignSlots(first, ['c', 'd', 'a']);
    expect([second.get('a'), second.get('c'), second.get('d')]).toEqual([0, 2, 1]);
  });

  it('are eight; the rest is grey', () => {
    const keys = Array.from({ length: 12 }, (_, index) => `value ${index}`);
    const slots = assignSlots(new Map(), [...keys, other]);
    expect([...slots.values()]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(slotColour(slots.get(other))).toBe('var(--series-other)');
  });
});

it.each([
  [0, 5, '$0'],
  [1500, 500, '$1,500'],
  [0.5, 0.25, '$0.50'],
  [0.75, 0.25, '$0.75'],
  [0.0004, 0.0002, '$0.0004'],
])('labels %s on an axis in steps of %s', (usd, step, label) => {
  expect(axisLabel(usd, step)).toBe(label);
});
