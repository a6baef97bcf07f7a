import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildMargin, type Entry, type MarginRequest, type RevenueLine } from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchOf, sampleEntry } from '../store/conformance/batches.js';
import { openDuckDbStore } from '../store/duckdb/index.js';
import type { Store } from '../store/store.js';

const directory = mkdtempSync(join(tmpdir(), 'farthing-margin-'));
let store: Store;

interface Spec {
  day: string;
  user?: string;
  tenant?: string;
  plan?: string;
  usd: string | null;
}

function call({ day, user, tenant, plan, usd }: Spec): Entry {
  const at = `2026-${day}T12:00:00.000Z`;
  return sampleEntry({
    started_at: at,
    ended_at: at,
    cost:
      usd === null
        ? { usd: null, status: 'unknown_model', charges: [] }
        : { usd, status: 'priced', source: 'base', charges: [] },
    tags: {
      ...(user === undefined ? {} : { user }),
      ...(tenant === undefined ? {} : { tenant }),
      ...(plan === undefined ? {} : { segment: plan }),
    },
  });
}

beforeAll(async () => {
  store = await openDuckDbStore({ directory });
  await store.book(
    batchOf([
      call({ day: '10-03', user: 'u-ada', tenant: 'acme', plan: 'pro', usd: '30' }),
      call({ day: '10-04', user: 'u-ada', tenant: 'acme', plan: 'pro', usd: '10' }),
      call({ day: '10-05', user: 'u-bob', tenant: 'acme', plan: 'pro', usd: '5' }),
      call({ day: '10-06', user: 'u-cem', tenant: 'beta', plan: 'free', usd: '2' }),
      call({ day: '10-07', user: 'u-dan', tenant: 'beta', usd: null }),
      call({ day: '10-08', usd: '1' }),
      call({ day: '11-02', user: 'u-bob', tenant: 'acme', plan: 'pro', usd: '3' }),
    ]),
  );
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

const october = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' };
const line = (changes: Partial<RevenueLine>): RevenueLine => ({
  for: 'tenant',
  key: 'acme',
  plan: null,
  amount_usd: '60',
  period: null,
  ...changes,
});
const margin = (revenue: RevenueLine[], changes: Partial<MarginRequest> = {}) =>
  buildMargin(store, revenue, { window: october, now: '2026-12-01T00:00:00.000Z', ...changes });

describe('margin', () => {
  test('of tenants is what they pay without what they cost; who loses most comes first', async () => {
    const report = await margin([
      line({}),
      line({ key: 'beta', amount_usd: '1.5', plan: 'starter' }),
      line({ key: 'idle', amount_usd: '100' }),
    ]);
    expect(report.by).toBe('tenant');
    expect(report.accounts).toMatchObject([
      {
        key: 'beta',
        plan: 'starter',
        revenue_usd: '1.5',
        cost_usd: '2',
        margin_usd: '-0.5',
        margin_share: -0.333333,
        break_even_usage: 0.75,
        calls: 2,
        unpriced_calls: 1,
        break_even_calls: 1,
        verdict: 'loses',
      },
      { key: 'acme', plan: 'pro', margin_usd: '15', break_even_usage: 1.333333, verdict: 'earns' },
      { key: 'idle', cost_usd: '0', margin_usd: '100', break_even_usage: null, verdict: 'unused' },
    ]);
    expect(report.total).toMatchObject({
      revenue_usd: '161.5',
      cost_usd: '48',
      margin_usd: '113.5',
      accounts: 3,
      losing_accounts: 1,
      lost_usd: '0.5',
      unused_accounts: 1,
      unused_revenue_usd: '100',
      unattributed_usd: '1',
    });
    expect(report.summary).toBe(
      'Revenue of $162 against a cost of $48.00, a margin of 70.3 %. 1 of 3 tenants costs $0.5000 more than it pays.',
    );
  });

  test('each user of a plan pays its price, but not one with a line of their own', async () => {
    const price = line({ for: 'plan', key: 'pro', amount_usd: '20' });
    const own = line({ for: 'user', key: 'u-bob', amount_usd: '7' });
    const { accounts, plans } = await margin([price, own], { by: 'user' });
    expect(accounts).toMatchObject([
      { key: 'u-ada', revenue_usd: '20', cost_usd: '40', verdict: 'loses' },
      { key: 'u-cem', revenue_usd: '0', cost_usd: '2', verdict: 'no_revenue' },
      { key: 'u-bob', revenue_usd: '7', cost_usd: '5', verdict: 'earns' },
      { key: 'u-dan', cost_usd: null, margin_usd: null, verdict: 'unknown' },
    ]);
    expect(plans[0]).toMatchObject({
      plan: 'pro',
      accounts: 2,
      losing_accounts: 1,
      lost_usd: '20',
      revenue_usd: '27',
      cost_usd: '45',
      break_even_usage: 0.6,
    });
  });

  test('a plan has its price times the users who called with it, month by month', async () => {
    const price = line({ for: 'plan', key: 'pro', amount_usd: '20' });
    const of = async (window: typeof october) =>
      (await margin([price], { by: 'plan', window })).accounts.find(({ key }) => key === 'pro');
    expect(await of(october)).toMatchObject({ revenue_usd: '40', cost_usd: '45' });
    // Two in October, one in November, of which half is in the window.
    const more = { from: october.from, to: '2026-11-16T00:00:00.000Z' };
    expect(await of(more)).toMatchObject({ revenue_usd: '50', cost_usd: '48' });
  });

  test('a user who is stored under several pseudonyms is one account', async () => {
    const both = line({ for: 'user', key: 'u-bob', stored: ['u-ada', 'u-bob'], amount_usd: '50' });
    const { accounts } = await margin([both]);
    expect(accounts.find(({ key }) => key === 'u-bob')).toMatchObject({
      revenue_usd: '50',
      cost_usd: '45',
      calls: 3,
    });
    expect(accounts.some(({ key }) => key === 'u-ada')).toBe(false);
  });

  test.each([
    ['no revenue', [], {}, /^No revenue is known of 2 tenants, which cost \$47\.00\.$/],
    [
      'an empty window',
      [line({})],
      { window: { from: '2020-01-01T00:00:00.000Z', to: '2020-02-01T00:00:00.000Z' } },
      /60/,
    ],
    [
      'nothing at all',
      [],
      { window: { from: '2020-01-01T00:00:00.000Z', to: '2020-02-01T00:00:00.000Z' } },
      /^No account has revenue or cost/,
    ],
    [
      'calls without a price',
      [line({ for: 'user', key: 'u-dan' })],
      { filters: [{ dimension: 'user', op: 'in', values: ['u-dan'] }] },
      /no call has a known cost/,
    ],
  ] as [string, RevenueLine[], Partial<MarginRequest>, RegExp][])(
    '%s: said in words',
    async (_, revenue, changes, words) => {
      const report = await margin(revenue, changes);
      expect(report.summary).toMatch(words);
      expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/);
    },
  );

  test('revenue of others than are asked about is pointed out', async () => {
    const { frame } = await margin([line({}), line({ for: 'user', key: 'u-ada' })]);
    expect(frame.notes.join(' ')).toContain('One line of revenue is of a user and not');
  });
});
