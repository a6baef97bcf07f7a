import type { CallRow, Cost, Entry } from '@farthing/core';
import { picoOf, usdOf, type FixtureCall } from './fixture-calls.js';

const reason = 'the output price of gpt-4.1-nano was corrected from $0.40 to $0.39';

/** The adjusting entry of a call after a price was lowered by a fortieth. */
export function adjustmentOf({ row, entry }: FixtureCall, recordedAt: string): FixtureCall {
  const before = row.cost_usd ?? '0';
  const change = picoOf(before) / 40n;
  const after = usdOf(picoOf(before) - change);
  const usd = `-${usdOf(change)}`;
  const id = `${row.id.slice(0, -12)}ad${row.id.slice(-10)}`;
  const adjusting: Entry = {
    ...entry,
    id,
    kind: 'adjustment',
    recorded_at: recordedAt,
    usage: null,
    adjusts: {
      entry: row.id,
      number: 1,
      cause: 'price',
      reason,
      by: 'farthing reprice',
      status_before: 'priced',
      status_after: 'priced',
      usd_before: before,
      usd_after: after,
      ...(entry.cost.price === undefined ? {} : { price_before: entry.cost.price }),
    },
    cost: { ...entry.cost, usd, charges: [] },
  };
  const adjusted: CallRow = {
    ...row,
    id,
    kind: 'adjustment',
    recorded_at: recordedAt,
    adjusts: row.id,
    tokens: null,
    cost_usd: usd,
    cost_input_usd: null,
    cost_output_usd: usd,
    list_usd: usd,
  };
  return { row: adjusted, entry: adjusting };
}

/** A call's cost with its adjustment; its own while it has none. */
export function restated({ entry }: FixtureCall, adjustment: FixtureCall | undefined): Cost {
  const after = adjustment?.entry.adjusts?.usd_after;
  return after === undefined ? entry.cost : { ...entry.cost, usd: after, list_usd: after ?? '0' };
}
