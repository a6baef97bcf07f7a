import { expect, test } from 'vitest';
import { FocusAggregate } from './aggregate.js';
import type { FocusCharge } from './focus-charge.js';

const charge = (hour: string, billed: bigint): FocusCharge => ({
  row: { ChargePeriodStart: hour } as FocusCharge['row'],
  billed,
  count: 1,
});

test('when too many sums are open they are handed out, and nothing is lost', () => {
  const aggregate = new FocusAggregate(2);
  const closed = ['03', '01', '03', '02', '03'].flatMap((hour) =>
    aggregate.add(charge(`2026-10-05T${hour}:00:00Z`, 10n)),
  );
  const all = [...closed, ...aggregate.close()];
  expect(all.map(({ row, billed }) => [row.ChargePeriodStart?.slice(11, 13), billed])).toEqual([
    ['01', 10n],
    ['03', 20n],
    ['02', 10n],
    ['03', 10n],
  ]);
  expect(aggregate.close()).toEqual([]);
});
