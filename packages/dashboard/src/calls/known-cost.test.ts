import type { CallRow, Cost, CostStatus, Entry } from '@farthing/core';
import { describe, expect, it } from 'vitest';
import type { CallDetail } from '../api/contract.js';
import { knownCost } from './known-cost.js';

const noPrice = 'model "house-model" (openai) is not in the price book';

function detail(changes: {
  call?: Partial<CallRow>;
  cost?: Partial<Cost>;
  after?: CostStatus;
  restated?: Cost;
}): CallDetail {
  const cost: Cost = { usd: null, status: 'unknown_model', charges: [], ...changes.cost };
  const adjusts = changes.after === undefined ? {} : { adjusts: { status_after: changes.after } };
  const entry = { cost, ...adjusts } as Entry;
  return {
    call: {
      kind: 'call',
      cost_usd: cost.usd,
      cost_status: 'unknown_model',
      ...changes.call,
    } as CallRow,
    entry,
    origin: { journal: 'gateway', segment: 1, offset: 0 },
    adjustments: changes.restated === undefined ? [] : [{ call: {} as CallRow, entry: null }],
    restated: changes.restated ?? null,
  };
}

describe('what the drawer leads with', () => {
  it('is unknown, with the entry’s own reason, while there is no price', () => {
    const found = knownCost(detail({ cost: { reason: noPrice } }));
    expect(found).toEqual({ usd: null, status: 'unknown_model', reason: noPrice });
  });

  it('is the restated cost once the call was adjusted, without the reason of before', () => {
    const restated: Cost = { usd: '0.0027725', status: 'priced', reason: noPrice, charges: [] };
    expect(knownCost(detail({ restated }))).toEqual({
      usd: '0.0027725',
      status: 'priced',
      reason: undefined,
    });
  });

  it('of an adjustment is its difference: a price that was found leaves no warning', () => {
    const call = { kind: 'adjustment' as const, cost_usd: '0.0027725' };
    expect(knownCost(detail({ call, after: 'priced' }))).toEqual({
      usd: '0.0027725',
      status: 'priced',
      reason: undefined,
    });
  });

  it('of an adjustment that takes a price away says why', () => {
    const call = { kind: 'adjustment' as const, cost_usd: '-0.2', cost_status: 'priced' as const };
    const found = knownCost(detail({ call, after: 'unknown_model', cost: { reason: noPrice } }));
    expect(found).toEqual({ usd: '-0.2', status: 'unknown_model', reason: noPrice });
  });
});
