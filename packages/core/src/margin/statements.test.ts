import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatUsd, parseUsd } from '../money.js';
import type { Query, QueryResult, QueryRow } from '../report/query.js';
import { cent, centsOf } from './divide-amount.js';
import { allocationRules, buildStatements, type StatementsRequest } from './statements.js';

interface Usage {
  tenant: string | null;
  feature: string | null;
  cost: bigint | null;
  calls: number;
}

/** Sums as a store makes them of these. */
function booksOf(usages: readonly Usage[]) {
  return {
    query: async ({ dimensions = [] }: Query): Promise<QueryResult> => {
      const groups = new Map<string, Usage[]>();
      if (dimensions.length === 0) groups.set('', [...usages]);
      else {
        for (const usage of usages) {
          const key = JSON.stringify(dimensions.map((name) => valueOf(usage, name)));
          groups.set(key, [...(groups.get(key) ?? []), usage]);
        }
      }
      const rows = [...groups.values()].map((members): QueryRow => {
        const known = members.filter(({ cost }) => cost !== null);
        const calls = members.reduce((sum, usage) => sum + usage.calls, 0);
        const priced = known.reduce((sum, usage) => sum + usage.calls, 0);
        return {
          ...Object.fromEntries(dimensions.map((name) => [name, valueOf(members[0]!, name)])),
          calls,
          unpriced_calls: calls - priced,
          cost:
            known.length === 0 && members.length > 0
              ? null
              : formatUsd(known.reduce((sum, { cost }) => sum + cost!, 0n)),
          tokens_input: calls * 100,
          tokens_output: calls * 10,
          unattributed_calls: 0,
          unattributed_cost: '0',
        };
      });
      return { rows, truncated: false, from: 'rollup' };
    },
  };
}

const valueOf = (usage: Usage, name: string) =>
  name === 'tenant' ? usage.tenant : name === 'feature' ? usage.feature : null;

const request: StatementsRequest = {
  window: { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
  now: '2026-11-02T00:00:00.000Z',
};
const usd = (text: string) => parseUsd(text);
const build = (usages: readonly Usage[], changes: Partial<StatementsRequest> = {}) =>
  buildStatements(booksOf(usages), { ...request, ...changes });

const october: Usage[] = [
  { tenant: 'acme', feature: 'search', cost: usd('60'), calls: 10 },
  { tenant: 'beta', feature: 'search', cost: usd('20'), calls: 10 },
  { tenant: 'beta', feature: 'chat', cost: usd('10'), calls: 20 },
  { tenant: null, feature: 'search', cost: usd('9'), calls: 1 },
  { tenant: 'internal', feature: 'evals', cost: usd('0.9'), calls: 5 },
];

describe('statements', () => {
  test('divide what names no tenant by what each costs, unless another rule is asked for', async () => {
    const amounts = async (changes: Partial<StatementsRequest>) => {
      const { statements } = await build(october, { shared: ['internal'], ...changes });
      return statements.map(({ kind, key, total_usd: total }) => [key ?? kind, total]);
    };
    expect(await amounts({})).toEqual([
      ['acme', '66.6'],
      ['beta', '33.3'],
    ]);
    expect(await amounts({ rule: 'equal' })).toEqual([
      ['acme', '64.95'],
      ['beta', '34.95'],
    ]);
    expect(await amounts({ rule: 'calls' })).toEqual([
      ['acme', '62.475'],
      ['beta', '37.425'],
    ]);
    expect(await amounts({ rule: 'none' })).toEqual([
      ['acme', '60'],
      ['beta', '30'],
      ['unattributed', '9'],
      ['internal', '0.9'],
    ]);
  });

  test('have a line for each feature and model, and one for each part of what was divided', async () => {
    const { statements } = await build(october, { shared: ['internal'], invoice_usd: '109.90' });
    const beta = statements.find(({ key }) => key === 'beta')!;
    expect(beta.lines.map(({ kind, feature, usd: amount }) => [kind, feature, amount])).toEqual([
      ['usage', 'search', '20'],
      ['usage', 'chat', '10'],
      ['shared', null, '0.3'],
      ['unattributed', null, '3'],
      ['difference', null, '3.333333333333'],
    ]);
    expect(beta).toMatchObject({
      total_usd: '36.633333333333',
      billed_usd: '36.63',
      rounding_usd: '-0.003333333333',
    });
    expect(beta.lines.map(({ billed_usd: billed }) => billed)).toEqual([
      '20',
      '10',
      '0.3',
      '3',
      '3.33',
    ]);
  });

  test('say what the ledger has and what the invoice says', async () => {
    const { total, summary } = await build(october, { invoice_usd: '100' });
    expect(total).toEqual({
      ledger_usd: '99.9',
      invoice_usd: '100',
      difference_usd: '0.1',
      total_usd: '100',
      billed_usd: '100',
      rounding_usd: '0',
    });
    expect(summary).toBe(
      'Statements for 3 values of tenant add up to $100.00; the ledger has $99.90, and the difference of $0.1000 is on lines of its own.',
    );
  });

  test('a name that is to be shared and has no call is pointed out', async () => {
    const { frame } = await build(october, { shared: ['intrenal'] });
    expect(frame.notes.join(' ')).toContain('No call of this window has tenant intrenal');
  });

  test('of nothing there are none, and an invoice for nothing is a difference', async () => {
    expect((await build([])).summary).toBe('There is nothing to bill in this window.');
    const { statements } = await build([], { invoice_usd: '12.34' });
    expect(statements).toMatchObject([{ kind: 'difference', key: null, billed_usd: '12.34' }]);
  });

  test('calls without a price are counted and cost nothing', async () => {
    const { statements } = await build([{ tenant: 'a', feature: null, cost: null, calls: 7 }]);
    expect(statements).toMatchObject([
      { key: 'a', unpriced_calls: 7, total_usd: '0', billed_usd: '0' },
    ]);
  });

  test('always add up: to the picodollar, and in cents to the cent, in sum and within each', async () => {
    const usage = fc.record({
      tenant: fc.constantFrom(null, 'a', 'b', 'c', 'd', 'internal', 'ops'),
      feature: fc.constantFrom(null, 'search', 'chat', 'evals'),
      cost: fc.oneof(fc.constant(null), fc.bigInt(-(10n ** 11n), 10n ** 15n), fc.bigInt(0n, 99n)),
      calls: fc.integer({ min: 1, max: 1_000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(usage, { maxLength: 20 }),
        fc.constantFrom(...allocationRules),
        fc.subarray(['internal', 'ops', 'nobody']),
        fc.option(fc.bigInt(0n, 10n ** 16n)),
        async (usages, rule, shared, invoice) => {
          const { statements, total } = await build(usages, {
            rule,
            shared,
            ...(invoice === null ? {} : { invoice_usd: formatUsd(invoice) }),
          });
          const ledger = usages.reduce((sum, { cost }) => sum + (cost ?? 0n), 0n);
          const due = invoice ?? ledger;
          const add = (amounts: string[]) => amounts.reduce((sum, each) => sum + usd(each), 0n);
          expect(usd(total.total_usd)).toBe(due);
          expect(add(statements.map((each) => each.total_usd))).toBe(
            statements.length === 0 ? 0n : due,
          );
          expect(add(statements.map((each) => each.billed_usd))).toBe(
            statements.length === 0 ? 0n : centsOf(due),
          );
          expect(add(statements.map((each) => each.rounding_usd))).toBe(usd(total.rounding_usd));
          for (const each of statements) {
            expect(add(each.lines.map((line) => line.usd))).toBe(usd(each.total_usd));
            expect(add(each.lines.map((line) => line.billed_usd))).toBe(usd(each.billed_usd));
            const off = usd(each.rounding_usd);
            expect(off < cent && off > -cent).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
