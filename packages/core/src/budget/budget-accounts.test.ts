import { describe, expect, test } from 'vitest';
import { BudgetAccounts, scopeOfAccount } from './budget-accounts.js';
import { readBudgets } from './read-budgets.js';

const accounts = new BudgetAccounts(
  readBudgets([
    { name: 'company', limit: 1_000 },
    { name: 'search', scope: { feature: 'search' }, limit: { usd: 10, calls: 100 }, window: 'day' },
    { name: 'each user of acme', scope: { tenant: 'acme', user: '*' }, limit: 5 },
    { name: 'watched', scope: { model: 'gpt-4.1' }, limit: 1, action: 'warn' },
    { name: 'resting', scope: { feature: 'rest' }, limit: 1, paused: true },
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
      'company month usd',
      'search feature=search day usd',
      'search feature=search day calls',
    ]);
  });

  test('has an account of its own where the scope says "each"', () => {
    const of = (user: string) =>
      keys({ tags: { tenant: 'acme', user }, provider: 'x', model: null });
    expect(of('u1')).toContain('each user of acme tenant=acme user=u1 month usd');
    expect(of('u2')).toContain('each user of acme tenant=acme user=u2 month usd');
    expect(keys({ tags: { tenant: 'acme' }, provider: 'x', model: null })).toEqual([
      'company month usd',
    ]);
    expect(keys({ tags: { tenant: 'other', user: 'u1' }, provider: 'x', model: null })).toEqual([
      'company month usd',
    ]);
  });

  test('is counted and not refused by a budget that only warns', () => {
    const call = { tags: {}, provider: 'openai', model: 'gpt-4.1' };
    const watched = accounts.claims(call).find(({ budget }) => budget.name === 'watched');
    expect(watched?.accounts).toMatchObject([{ enforced: false, soft: 800_000_000_000n }]);
  });

  test('is counted and not refused by a budget that is paused', () => {
    const call = { tags: { feature: 'rest' }, provider: 'openai', model: null };
    const resting = accounts.claims(call).find(({ budget }) => budget.name === 'resting');
    expect(resting?.accounts).toMatchObject([{ enforced: false }]);
  });
});

test('an account’s key tells its scope', () => {
  const [claim] = new BudgetAccounts(
    readBudgets([{ name: 'each', scope: { tenant: 'a=b', user: '*' }, limit: 1 }]),
  ).claims({ tags: { tenant: 'a=b', user: 'u' }, provider: 'x', model: null });
  expect(scopeOfAccount(claim!.accounts[0]!.key)).toEqual({ tenant: 'a=b', user: 'u' });
});
