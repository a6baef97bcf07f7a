import { describe, expect, test } from 'vitest';
import type { BudgetOutlook } from '../forecast/index.js';
import { judgePace, paceKey } from './budget-pace.js';
import { usualModes } from './severity.js';
import { Watch } from './watch.js';

const now = Date.parse('2026-11-10T00:00:00.000Z');
/** Of a month of which twenty days are left, used up in five. */
const fast: BudgetOutlook = {
  budget: 'whole company',
  scope: {},
  measure: 'usd',
  limit: '500',
  spent: '300',
  held: '0',
  ratio: 0.6,
  window: 'month',
  resets_at: '2026-12-01T00:00:00.000Z',
  paused: false,
  outlook: 'runs_out',
  basis: 'pattern',
  runs_out_at: '2026-11-15T06:00:00.000Z',
  runs_out_80: { earliest: '2026-11-13T00:00:00.000Z', latest: '2026-11-19T00:00:00.000Z' },
  before_reset_ms: 15.75 * 86_400_000,
  at_reset: '1500',
  at_reset_80: { low: '1200', high: '1900' },
  summary: 'whole company is expected to be used up on Nov 15.',
};

test('a budget that will surely be used up long before its window ends is too fast', () => {
  expect(judgePace(fast, now)).toMatchObject({
    state: 'too_fast',
    found: {
      cause: 'budget_pace',
      factor: 4,
      title: 'whole company is spent 4.0 times as fast as its window allows',
      text: fast.summary,
    },
    source: { group: {} },
  });
});

test.each([
  ['that may last, within what happens in 80 %', { runs_out_80: { earliest: null, latest: null } }],
  ['of which little is spent yet', { ratio: 0.05 }],
  ['that lasts nearly to the end', { runs_out_at: '2026-11-30T00:00:00.000Z' }],
  ['whose window ends in minutes', { resets_at: '2026-11-10T00:05:00.000Z' }],
  ['with a window that rolls', { window: 'rolling day' }],
  ['that has no end', { resets_at: null }],
  ['of which nothing is known', { outlook: 'unknown' as const, runs_out_at: null }],
  ['that is used up already, which its refusals tell', { outlook: 'used_up' as const }],
])('nothing is said of a budget %s', (_what, changed) => {
  expect(judgePace({ ...fast, ...changed }, now)).toBeNull();
});

test('what lasts again, and what is paused, is over', () => {
  expect(judgePace({ ...fast, outlook: 'lasts', runs_out_at: null }, now)).toEqual({
    state: 'lasts',
  });
  expect(judgePace({ ...fast, paused: true }, now)).toEqual({ state: 'lasts' });
});

test('accounts and measures of a budget are told apart', () => {
  const of = (changed: Partial<BudgetOutlook>) => paceKey({ ...fast, ...changed });
  const keys = [
    of({}),
    of({ measure: 'calls' }),
    of({ scope: { user: 'a' } }),
    of({ scope: { user: 'b' } }),
  ];
  expect(new Set(keys).size).toBe(4);
  expect(judgePace({ ...fast, scope: { user: 'a', tenant: '*' } }, now)).toMatchObject({
    found: {
      title: 'whole company (a) is spent 4.0 times as fast as its window allows',
    },
    source: { group: { user: 'a' } },
  });
});

describe('what becomes of a budget that is too fast', () => {
  const watching = () => new Watch({ modes: usualModes, rules: [] });

  test('it pages once, and is over when it lasts again', () => {
    const watch = watching();
    const opened = watch.heedBudgets([fast], now);
    expect(opened).toMatchObject([
      { what: 'opened', incident: { cause: 'budget_pace', severity: 'page', group: {} } },
    ]);
    expect(opened[0]!.incident.title).toMatch(/^Budget: whole company is spent 4\.0 times/);
    const again = watch.heedBudgets([fast], now + 300_000);
    expect(again.map(({ what }) => what)).toEqual(['refreshed']);
    expect(watch.heedBudgets([{ ...fast, outlook: 'unknown' }], now + 600_000)).toEqual([]);
    const over = watch.heedBudgets([{ ...fast, outlook: 'lasts' }], now + 900_000);
    expect(over).toMatchObject([{ what: 'resolved' }]);
  });

  test('it is over when the budget is gone', () => {
    const watch = watching();
    watch.heedBudgets([fast], now);
    expect(watch.heedBudgets([], now + 300_000)).toMatchObject([{ what: 'resolved' }]);
  });

  test('it is not told where the configuration has it off', () => {
    const watch = new Watch({ modes: { ...usualModes, budget_pace: 'off' }, rules: [] });
    expect(watch.heedBudgets([fast], now)).toEqual([]);
  });

  test('one that was open when it was turned off is over, though nobody asks for paces any more', () => {
    const before = watching();
    before.heedBudgets([fast], now);
    const state = JSON.parse(JSON.stringify(before));
    const off = { modes: { ...usualModes, budget_pace: 'off' as const }, rules: [] };
    const after = new Watch(off, state);
    expect(after.tick(now + 60_000)).toMatchObject([
      { what: 'resolved', incident: { cause: 'budget_pace' } },
    ]);
    expect(after.tick(now + 120_000)).toEqual([]);
  });
});
