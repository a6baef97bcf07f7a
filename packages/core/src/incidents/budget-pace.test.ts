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

describe('while the forecast has a rate and no pattern', () => {
  const young: BudgetOutlook = { ...fast, basis: 'run_rate', limit: '1', spent: '0.1', ratio: 0.1 };

  test('it is not sure, and says so', () => {
    expect(judgePace(young, now)).toMatchObject({
      state: 'too_fast',
      isSure: false,
      found: {
        text: `${young.summary} This goes by a rate, as there is no pattern yet: it is not sure before half is spent.`,
      },
    });
    expect(judgePace({ ...young, ratio: 0.499 }, now)).toMatchObject({ isSure: false });
  });

  test('it is sure once half is spent: the rate has then held for as long as what is left will last', () => {
    expect(judgePace({ ...young, ratio: 0.5 }, now)).toMatchObject({
      isSure: true,
      found: { text: young.summary },
    });
    expect(judgePace({ ...young, basis: 'pattern' }, now)).toMatchObject({ isSure: true });
  });

  test('a budget of a fresh install pages before it is used up, and not after its first calls', () => {
    const watch = new Watch({ modes: usualModes, rules: [] });
    const [first] = watch.heedBudgets([young], now);
    expect(first).toMatchObject({ what: 'opened', incident: { severity: 'record' } });
    const told = [0.2, 0.35, 0.48, 0.52, 0.7, 0.9].map((ratio, index) =>
      watch
        .heedBudgets([{ ...young, ratio }], now + (index + 1) * 300_000)
        .map(({ what, incident }) => [what, incident.severity]),
    );
    expect(told).toEqual([
      [['refreshed', 'record']],
      [['refreshed', 'record']],
      [['refreshed', 'record']],
      [['opened', 'page']],
      [['refreshed', 'page']],
      [['refreshed', 'page']],
    ]);
    expect(watch.book.incidents[0]!.summary).not.toContain('not sure');
  });

  test('what is a record by configuration stays one', () => {
    const modes = { ...usualModes, budget_pace: 'record' as const };
    const watch = new Watch({ modes, rules: [] });
    const [opened] = watch.heedBudgets([{ ...young, ratio: 0.6 }], now);
    expect(opened).toMatchObject({ what: 'opened', incident: { severity: 'record' } });
  });
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

  test('it says where the budget is going now', () => {
    const watch = watching();
    watch.heedBudgets([fast], now);
    const later = {
      ...fast,
      runs_out_at: '2026-11-16T00:00:00.000Z',
      summary: 'Used up on Nov 16.',
    };
    watch.heedBudgets([later], now + 86_400_000);
    expect(watch.book.incidents[0]).toMatchObject({
      title: expect.stringContaining('is spent 4.0 times as fast'),
      summary: 'Budget: Used up on Nov 16.',
      factor: 4,
    });
    watch.heedBudgets([later], now + 2 * 86_400_000);
    expect(watch.book.incidents[0]).toMatchObject({
      title: expect.stringContaining('is spent 4.8 times as fast'),
      factor: 4.75,
    });
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
