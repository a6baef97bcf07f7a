import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describePriceChange, diffLayers } from './diff-layers.js';
import { ruleLayer, type PriceRule } from './price-rows.js';
import { snapshotLayer } from './snapshot/index.js';
import { overlayLayer } from './overlay/index.js';

const book = (...rules: Partial<PriceRule>[]) => [
  ruleLayer(
    'base',
    'list',
    rules.map((rule) => ({ provider: 'acme', model: 'anvil-1', source: 'test', ...rule })),
  ),
];
const list = { complete: true, rates: { input: '4', output: '8' } };
const long = { threshold: { op: 'gt', tokens: 200_000 }, rates: { input: '6' } } as const;
const lines = (...books: Parameters<typeof diffLayers>) =>
  diffLayers(...books).map(describePriceChange);

describe('the difference between two price books', () => {
  test('is a rate that changed, with its percentage and its date', () => {
    const cut = { ...list, from: '2026-07-30T00:00:00Z', rates: { input: '2', output: '8.0' } };
    expect(diffLayers(book(list), book(list, cut))).toEqual([
      {
        change: 'rate_changed',
        provider: 'acme',
        model: 'anvil-1',
        unit: 'input',
        per: 1_000_000,
        before: '4',
        after: '2',
        percent: '-50',
        effective_from: '2026-07-30T00:00:00Z',
      },
    ]);
    expect(lines(book(list), book(list, cut))).toEqual([
      '~ acme/anvil-1  input 4 → 2 (-50 %) from 2026-07-30',
    ]);
  });

  test('names bands, tiers, factors and contracts by the calls they are for', () => {
    const batch = { when: { service_tier: 'batch' }, multiply: { tokens: '0.5' } };
    const dearer = { ...batch, multiply: { tokens: '0.6' } };
    const before = book(list, long, batch);
    const after = book(list, { ...long, rates: { input: '7' } }, dearer, {
      when: { service_tier: 'scale' },
      contract: 'ask',
    });
    expect(lines(before, after)).toEqual([
      '~ acme/anvil-1 [> 200000 input tokens]  input 6 → 7 (+16.7 %)',
      '~ acme/anvil-1 [service_tier batch]  × tokens 0.5 → 0.6 (+20 %)',
      '~ acme/anvil-1 [service_tier scale]  contract none → ask',
    ]);
  });

  test('shows models and names that come and go', () => {
    const other = { ...list, model: 'hammer-9' };
    const named = { ...list, aliases: ['anvil'] };
    expect(lines(book(list), book(named, other))).toEqual([
      '~ acme/anvil-1  new alias anvil',
      '+ acme/hammer-9  input 4, output 8',
    ]);
    expect(lines(book(named, other), book(list))).toEqual([
      '~ acme/anvil-1  lost alias anvil',
      '- acme/hammer-9  input 4, output 8',
    ]);
  });

  test('ends with a row that ends', () => {
    const promotion = { from: '2026-08-01', to: '2026-09-01', rates: { output: '4' } };
    expect(lines(book(list), book(list, promotion))).toEqual([
      '~ acme/anvil-1  output 8 → 4 (-50 %) from 2026-08-01 until 2026-09-01',
    ]);
  });

  test('a complete list ends the bands of the one before', () => {
    const flat = { ...list, from: '2026-03-13' };
    expect(lines(book(list, long), book(list, long, flat))).toEqual([
      '~ acme/anvil-1 [> 200000 input tokens]  input 6 → none from 2026-03-13',
    ]);
  });

  test('sees what an upper layer changes of a lower one', () => {
    const own = ruleLayer('override', 'ours', [
      { provider: 'acme', model: 'ANVIL-1', rates: { output: '6' }, source: 'contract' },
    ]);
    expect(lines(book(list), [...book(list), own])).toEqual([
      '~ acme/anvil-1  output 8 → 6 (-25 %)',
    ]);
  });

  test('is nothing between a book and itself, the whole list included', () => {
    const whole = [snapshotLayer(), overlayLayer()];
    expect(diffLayers(whole, whole)).toEqual([]);
  });

  test('law: backwards it is the same changes turned round', () => {
    const rate = fc.nat(9).map(String);
    const rule = fc.record(
      {
        rates: fc.record({ input: rate, output: rate }, { requiredKeys: [] }),
        from: fc.constantFrom('2026-01-01', '2026-02-01'),
        to: fc.constantFrom('2026-03-01', '2026-04-01'),
        complete: fc.constant(true),
        threshold: fc.constant(long.threshold),
      },
      { requiredKeys: ['rates'] },
    );
    const rules = fc.array(rule, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rules, rules, (before, after) => {
        const there = diffLayers(book(...before), book(...after));
        const back = diffLayers(book(...after), book(...before));
        const key = (unit: unknown, from: unknown, one: unknown, other: unknown) =>
          JSON.stringify([unit, from, one, other]);
        expect(
          back.map((c) => key(c.unit, c.effective_from, c.after, c.before)).toSorted(),
        ).toEqual(there.map((c) => key(c.unit, c.effective_from, c.before, c.after)).toSorted());
      }),
    );
  });
});
