import { describe, expect, test } from 'vitest';
import { BudgetAccounts } from '../budget/budget-accounts.js';
import type { BudgetChange } from './budget-change.js';
import { composeBudgets } from './compose-budgets.js';

const noon = Date.parse('2026-11-20T12:00:00Z');
const midnight = '2026-11-21T00:00:00.000Z';
const each = { name: 'each', scope: { tenant: 'acme', user: '*' }, limit: 5, window: 'day' };
let lines = 0;
const change = (line: object): BudgetChange =>
  ({
    id: `${(lines += 1)}`,
    recorded_at: '2026-11-20T11:00:00Z',
    recorded_by: 'root',
    ...line,
  }) as BudgetChange;
const raise = (usd: string, account?: Record<string, string>) =>
  change({
    do: 'raise',
    name: 'each',
    limit: { usd },
    until: midnight,
    ...(account && { account }),
  });

/** USD limits of Ada and of Bob. */
function limits(changes: readonly BudgetChange[], at = noon): number[] {
  const { defined } = composeBudgets([each], changes, at);
  const accounts = new BudgetAccounts(defined.map(({ budget }) => budget));
  return ['ada', 'bob'].map((user) => {
    const subject = { tags: { tenant: 'acme', user }, provider: 'openai', model: 'gpt-5' };
    const [claim] = accounts.claims(subject);
    return Number(claim!.accounts[0]!.limit / 1_000_000_000_000n);
  });
}

describe('a raise of one account', () => {
  test('holds for it alone, until the window ends', () => {
    const changes = [raise('7', { user: 'ada' })];
    expect(limits(changes)).toEqual([7, 5]);
    expect(limits(changes, Date.parse(midnight))).toEqual([5, 5]);
    expect(composeBudgets([each], changes, noon)).toMatchObject({
      defined: [{ raised: null, raisedAccounts: [{ scope: { user: 'ada' }, by: 'root' }] }],
      nextChangeAt: Date.parse(midnight),
    });
  });

  test('may name what the scope says anyway, and nothing else', () => {
    expect(limits([raise('7', { user: 'ada', tenant: 'acme' })])).toEqual([7, 5]);
    const { problems } = composeBudgets(
      [each],
      [raise('7', { user: 'ada', tenant: 'other' }), raise('7', { tenant: 'acme' })],
      noon,
    );
    expect(problems).toEqual(Array(2).fill('budget "each" has no account that was to be raised'));
  });

  test('is the more of both beside a raise of the whole budget', () => {
    expect(limits([raise('7', { user: 'ada' }), raise('6')])).toEqual([7, 6]);
    expect(limits([raise('7', { user: 'ada' }), raise('9')])).toEqual([9, 9]);
    expect(limits([raise('6'), raise('7', { user: 'ada' })])).toEqual([7, 6]);
  });

  test('is raised further, and ends where the budget is set anew', () => {
    const changes = [raise('7', { user: 'ada' }), raise('8', { user: 'ada' })];
    expect(limits(changes)).toEqual([8, 5]);
    const { defined } = composeBudgets([each], changes, noon);
    expect(defined[0]!.raisedAccounts).toHaveLength(1);
    expect(limits([...changes, change({ do: 'set', budget: { ...each, limit: 3 } })])).toEqual([
      3, 3,
    ]);
  });
});
