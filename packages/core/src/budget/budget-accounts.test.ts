import { describe, expect, test } from 'vitest';
import { BudgetAccounts } from './budget-accounts.js';
import { readBudgets } from './read-budgets.js';

const accounts = new BudgetAccounts(
  readBudgets([
    { name: 'company', limit: 1_000 },
    { name: 'search', scope: { feature: 'search' }, limit: { usd: 10, calls: 100 }, window: 'day' },
    { name: 'each user of acme', scope: { tenant: 'acme', user: '*' }, limit: 5 },
    { name: 'watched', scope: { model: 'gpt-4.1' }, limit: 1, action: 'warn' },
    { name: 'resting', limit: 1, paused: true },
  ]),
);
const keys = (subject: Parameters<typeof accounts.claims>[0]) =>
  accounts
    .claims(subject)
    .flatMap(({ accounts: list }) => list.map(({ key }) => key.replaceAll('\u001f', ' ')));

describe('a call', () => {
  test('is of every budget whose scope it meets, once for each measure', () => {
    const call = { tags: { feature: 'search' }, provider: 'openai', model: 'gpt-4.1-mini' };
    expect(keys(call)).toEqual([
      'company usd',
      'search feature=search usd',
      'search feature=search calls',
    ]);
  });

  test('has an account of its own where the scope says "each"', () => {
    const of = (user: string) =>
      keys({ tags: { tenant: 'acme', user }, provider: 'x', model: null });
    expect(of('u1')).toContain('each user of acme tenant=acme user=u1 usd');
    expect(of('u2')).toContain('each user of acme tenant=acme user=u2 usd');
    expect(keys({ tags: { tenant: 'acme' }, provider: 'x', model: null })).toEqual(['company usd']);
    expect(keys({ tags: { tenant: 'other', user: 'u1' }, provider: 'x', model: null })).toEqual([
      'company usd',
    ]);
  });

  test('is counted and not refused by a budget that only warns', () => {
    const call = { tags: {}, provider: 'openai', model: 'gpt-4.1' };
    const watched = accounts.claims(call).find(({ budget }) => budget.name === 'watched');
    expect(watched?.accounts).toMatchObject([{ enforced: false, soft: 800_000_000_000n }]);
  });
});
