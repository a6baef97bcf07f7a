import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Account, Budget } from '../api/budgets-contract.js';
import { countLevels, gaugeParts, gaugesOf, levelOf } from './gauge-report.js';

const account = (part: Partial<Account>): Account => ({
  scope: {},
  measure: 'usd',
  limit: '10',
  spent: '0',
  held: '0',
  ratio: 0,
  ...part,
});
const budget = (part: Partial<Budget>) =>
  ({ scope: {}, limit: {}, accounts: [], soft: 0.8, ...part }) as unknown as Budget;

it('a budget with several measures has a gauge for each, also where nothing is spent yet', () => {
  const spent = account({ measure: 'tokens', limit: '1000', spent: '10' });
  const gauges = gaugesOf(budget({ limit: { usd: '10', tokens: '1000' }, accounts: [spent] }));
  expect(gauges.map(({ measure, spent: so }) => [measure, so])).toEqual([
    ['usd', '0'],
    ['tokens', '10'],
  ]);
});

it('a budget for each of its own is as full as its fullest account', () => {
  const fullest = account({ scope: { user: 'a' }, ratio: 0.9 });
  const other = account({ scope: { user: 'b' }, ratio: 0.1 });
  const each = budget({ scope: { user: '*' }, limit: { usd: '10' }, accounts: [fullest, other] });
  expect(gaugesOf(each)).toEqual([fullest]);
});

it('a budget of single calls has none', () => expect(gaugesOf(budget({}))).toEqual([]));

it('warns from the soft share on, and is used up where next to nothing is left', () => {
  expect([0.79, 0.8, 0.99, 0.996, 1.2].map((ratio) => levelOf(ratio, 0.8))).toEqual([
    'calm',
    'soft',
    'soft',
    'full',
    'full',
  ]);
  expect(levelOf(0.6, 0.5)).toBe('soft');
});

it('a paused budget is in no need of a look', () => {
  const list = [budget({ ratio: 1, paused: true }), budget({ ratio: 1 }), budget({ ratio: 0.1 })];
  expect(countLevels(list)).toEqual({ calm: 1, soft: 0, full: 1 });
});

it('the parts of a gauge never exceed it, whatever was spent', () => {
  const amount = fc.bigInt(0n, 10n ** 12n).map(String);
  fc.assert(
    fc.property(amount, amount, amount, (limit, spent, held) => {
      const parts = gaugeParts(account({ limit, spent, held }));
      expect(parts.spent).toBeGreaterThanOrEqual(0);
      expect(parts.held).toBeGreaterThanOrEqual(0);
      expect(parts.spent + parts.held).toBeLessThanOrEqual(1 + 1e-12);
    }),
  );
});
