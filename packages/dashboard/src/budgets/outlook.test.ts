import type { BudgetOutlook } from '@farthing/core';
import { describe, expect, it } from 'vitest';
import { expectedShare, outlookOf } from './outlook.js';

const outlook = (part: Partial<BudgetOutlook> = {}): BudgetOutlook => ({
  budget: 'users',
  window: 'day',
  scope: { user: 'u_1' },
  measure: 'usd',
  limit: '10',
  spent: '4',
  held: '0',
  ratio: 0.4,
  paused: false,
  resets_at: '2026-11-23T00:00:00.000Z',
  outlook: 'lasts',
  basis: 'pattern',
  runs_out_at: null,
  runs_out_80: null,
  before_reset_ms: null,
  at_reset: '8',
  at_reset_80: { low: '6', high: '9' },
  summary: '',
  ...part,
});

describe('the outlook of an account', () => {
  it('is its own, by scope and measure', () => {
    const all = [
      outlook({ scope: { user: 'u_2' } }),
      outlook({ measure: 'calls' }),
      outlook({ spent: '5' }),
    ];
    const budget = { name: 'users', window: 'day' };
    expect(outlookOf(all, budget, { scope: { user: 'u_1' }, measure: 'usd' })).toBe(all[2]);
    expect(outlookOf(all, budget, { scope: {}, measure: 'usd' })).toBeNull();
    // A budget that has another window by now has no outlook yet.
    const changed = { name: 'users', window: 'week' };
    expect(outlookOf(all, changed, { scope: { user: 'u_1' }, measure: 'usd' })).toBeNull();
  });

  it('fills the gauge as far as it is expected to, and whole where it runs out before it resets', () => {
    expect(expectedShare(outlook())).toBe(0.8);
    expect(expectedShare(outlook({ outlook: 'runs_out', before_reset_ms: 5 }))).toBe(1);
    expect(expectedShare(outlook({ outlook: 'runs_out', resets_at: null }))).toBeNull();
    expect(expectedShare(outlook({ at_reset: null }))).toBeNull();
    expect(expectedShare(null)).toBeNull();
  });
});
