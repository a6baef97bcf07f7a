import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCells, costOfCalls, emptyCell, type Cell } from './cell.js';
import { decompose, type Decomposition } from './decompose.js';
import { effectKinds, type EffectKind } from './effects.js';
import { leafEffects } from './leaf-effects.js';
import { cellKeyText, type KeyedCell } from './read-cells.js';

/** A cell by what people say of it: calls, tokens per call, shares of the cache, USD per million tokens. */
interface Calls {
  feature: string;
  model?: string;
  template?: string;
  calls: number;
  attempts?: number;
  unpriced?: number;
  input: number;
  output: number;
  read?: number;
  write?: number;
  prices?: { input: number; read: number; write: number; output: number };
  other?: bigint;
}

const standard = { input: 3, read: 0.3, write: 3.75, output: 15 };

function ledger(...parts: Calls[]): Map<string, KeyedCell> {
  return new Map(
    parts.map((part) => {
      const { feature, model = 'm', template = 'v1', prices = standard } = part;
      const key = { group: feature, provider: 'p', model, template };
      return [cellKeyText(key), { key, cell: cellOf(part, prices) }];
    }),
  );
}

function cellOf(part: Calls, prices: NonNullable<Calls['prices']>): Cell {
  const { calls, attempts = 1, unpriced = 0, input, output, read = 0, write = 0 } = part;
  const cell = emptyCell();
  if (calls === 0) return cell;
  cell.served = calls;
  cell.attempts = Math.round(calls * attempts);
  cell.priced = cell.attempts - Math.min(unpriced, cell.attempts);
  const sent = cell.priced * input;
  cell.tokens.cache_read = Math.floor(sent * read);
  cell.tokens.cache_write = Math.floor(sent * write);
  cell.tokens.uncached = sent - cell.tokens.cache_read - cell.tokens.cache_write;
  cell.tokens.output = cell.priced * output;
  const cost = (tokens: number, price: number) =>
    BigInt(tokens) * BigInt(Math.round(price * 1_000_000));
  cell.cost.uncached = cost(cell.tokens.uncached, prices.input);
  cell.cost.cache_read = cost(cell.tokens.cache_read, prices.read);
  cell.cost.cache_write = cost(cell.tokens.cache_write, prices.write);
  cell.cost.output = cost(cell.tokens.output, prices.output);
  cell.other = part.other ?? 0n;
  return cell;
}

function byKind({ atoms }: Decomposition): Partial<Record<EffectKind, bigint>> {
  const sums: Partial<Record<EffectKind, bigint>> = {};
  for (const { kind, amount } of atoms) sums[kind] = (sums[kind] ?? 0n) + amount;
  return sums;
}

/** Share of the difference that each kind explains, those below a millionth left out. */
function shares(result: Decomposition): Partial<Record<EffectKind, number>> {
  const difference = Number(result.after - result.before);
  return Object.fromEntries(
    Object.entries(byKind(result))
      .map(([kind, amount]) => [kind, Number(amount) / difference] as const)
      .filter(([, share]) => Math.abs(share) > 1e-6)
      .map(([kind, share]) => [kind, Math.round(share * 1e6) / 1e6]),
  );
}

const price = fc.record({
  input: fc.double({ min: 0.1, max: 20, noNaN: true }),
  read: fc.constantFrom(0, 0.3, 1.5),
  write: fc.constantFrom(0, 3.75),
  output: fc.constantFrom(0, 0.4, 15, 75),
});

/** Any calls: with zeros everywhere a zero can be, some without a price, some free of charge. */
const anyCalls = fc.record({
  feature: fc.constantFrom('a', 'b', 'c', 'd'),
  model: fc.constantFrom('m1', 'm2', 'm3'),
  template: fc.constantFrom('v1', 'v2'),
  calls: fc.constantFrom(0, 1, 7, 400, 12_345, 900_000),
  attempts: fc.constantFrom(1, 1.1, 2),
  unpriced: fc.constantFrom(0, 0, 0, 5, 2_000_000),
  input: fc.constantFrom(0, 1, 800, 31_000),
  output: fc.constantFrom(0, 1, 250, 8_000),
  read: fc.constantFrom(0, 0, 0.3, 0.7),
  write: fc.constantFrom(0, 0, 0.2, 0.3),
  prices: price,
  other: fc.constantFrom(0n, 0n, 12_345_678_901n, -5n),
});
const anyLedger = fc.array(anyCalls, { maxLength: 14 }).map((parts) => ledger(...parts));

describe('the difference of two windows, split into its causes', () => {
  it('leaves nothing over: 5,000 random ledgers with births, deaths, zeros and unknown prices', () => {
    fc.assert(
      fc.property(anyLedger, anyLedger, (was, is) => {
        const result = decompose(was, is);
        const sum = result.atoms.reduce((total, { amount }) => total + amount, 0n);
        expect(sum).toBe(result.after - result.before);
      }),
      { numRuns: 5_000 },
    );
  });

  it('does so before rounding, to 10⁻¹⁴ of what is added and taken away: the carried rest hides nothing', () => {
    let worst = 0;
    fc.assert(
      fc.property(anyLedger, anyLedger, (was, is) => {
        const { groups } = decompose(was, is);
        const lasting = groups.filter((group) => group.was.served > 0 && group.is.served > 0);
        const totals = {
          was: addCells(lasting.map((group) => group.was)).served,
          is: addCells(lasting.map((group) => group.is)).served,
        };
        for (const group of lasting) {
          for (const leaf of group.leaves) {
            const { effects } = leafEffects(leaf, group, totals);
            const sum = Object.values(effects).reduce((total, value) => total + value, 0);
            const difference = Number(costOfCalls(leaf.is) - costOfCalls(leaf.was));
            const scale = Object.values(effects).reduce((all, value) => all + Math.abs(value), 1);
            worst = Math.max(worst, Math.abs(sum - difference) / scale);
          }
        }
      }),
      { numRuns: 5_000 },
    );
    expect(worst).toBeLessThan(1e-14);
  });

  it('adds up within every group, too', () => {
    fc.assert(
      fc.property(anyLedger, anyLedger, (was, is) => {
        const { groups, atoms } = decompose(was, is);
        for (const group of groups) {
          const own = atoms.filter(({ key }) => key.group === group.name);
          const sum = own.reduce((total, { amount }) => total + amount, 0n);
          expect(sum).toBe(costOfCalls(group.is) - costOfCalls(group.was));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('says the reverse of the reverse: births are deaths, and every other effect changes its sign', () => {
    const mirrored: Partial<Record<EffectKind, EffectKind>> = { new: 'gone', gone: 'new' };
    let worst = 0;
    fc.assert(
      fc.property(anyLedger, anyLedger, (was, is) => {
        const forth = decompose(was, is);
        const there = byKind(forth);
        const back = byKind(decompose(is, was));
        const scale = Math.max(1, Number(forth.before + forth.after));
        for (const kind of effectKinds) {
          const sum = (there[kind] ?? 0n) + (back[mirrored[kind] ?? kind] ?? 0n);
          worst = Math.max(worst, Math.abs(Number(sum)) / scale);
        }
      }),
      { numRuns: 5_000 },
    );
    expect(worst).toBeLessThan(1e-10);
  });

  it('splits a leaf among its templates without touching the sum of any cause', () => {
    fc.assert(
      fc.property(anyLedger, anyLedger, (was, is) => {
        const untold = (cells: Map<string, KeyedCell>) => {
          const merged = new Map<string, KeyedCell>();
          for (const { key, cell } of cells.values()) {
            const whole = { ...key, template: undefined };
            const text = cellKeyText(whole);
            const known = merged.get(text);
            merged.set(text, { key: whole, cell: addCells(known ? [known.cell, cell] : [cell]) });
          }
          return merged;
        };
        const positive = (sums: Partial<Record<EffectKind, bigint>>) =>
          Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0n));
        expect(positive(byKind(decompose(was, is)))).toEqual(
          positive(byKind(decompose(untold(was), untold(is)))),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('one driver gets the whole difference', () => {
  const chat: Calls = {
    feature: 'chat',
    calls: 10_000,
    attempts: 1.02,
    input: 3_000,
    output: 300,
    read: 0.7,
    write: 0.1,
  };
  const report: Calls = {
    feature: 'report',
    calls: 500,
    attempts: 1.02,
    input: 800,
    output: 3_000,
  };
  const before = ledger(chat, report);
  const explained = (...after: Calls[]) => shares(decompose(before, ledger(...after)));
  const dearer = { input: 4.5, read: 0.45, write: 5.625, output: 22.5 };
  const large = { input: 15, read: 1.5, write: 18.75, output: 75 };

  it.each<[EffectKind, string, Calls[]]>([
    [
      'volume',
      '20 % more calls of everything',
      [
        { ...chat, calls: 12_000 },
        { ...report, calls: 600 },
      ],
    ],
    ['output', 'answers twice as long', [chat, { ...report, output: 6_000 }]],
    ['input', 'prompts half as long again', [{ ...chat, input: 4_500 }, report]],
    ['cache', 'a cache that is only written any more', [{ ...chat, read: 0, write: 0.8 }, report]],
    ['cache', 'a cache that is switched off', [{ ...chat, read: 0, write: 0 }, report]],
    ['price', 'prices half as high again', [{ ...chat, prices: dearer }, report]],
    ['retries', 'a storm of retries', [{ ...chat, attempts: 1.9 }, report]],
    ['new', 'a new feature', [chat, report, { ...chat, feature: 'agent', calls: 300 }]],
    ['gone', 'a feature that is gone', [chat]],
    [
      'routing',
      'two in five calls moved to a model of five times the price',
      [{ ...chat, calls: 6_000 }, { ...chat, calls: 4_000, model: 'large', prices: large }, report],
    ],
    ['output', 'answers that end', [chat, { ...report, output: 0 }]],
    [
      'unpriced',
      'a model that has lost its price',
      [chat, { ...report, unpriced: 510, input: 0, output: 0 }],
    ],
    ['other', 'searches that are billed besides', [{ ...chat, other: 10n ** 12n }, report]],
  ])('%s: %s', (kind, _, after) => {
    expect(explained(...after)).toEqual({ [kind]: 1 });
  });

  it('a swap of calls between features of different cost is mix', () => {
    const { volume = 0, mix = 0 } = explained({ ...chat, calls: 9_900 }, { ...report, calls: 600 });
    expect(volume).toBe(0);
    expect(mix).toBe(1);
  });

  it('a new template that answers twice as long is output, all of it brought by that template', () => {
    const result = decompose(before, ledger(chat, { ...report, template: 'v2', output: 6_000 }));
    const own = result.atoms.filter(({ amount }) => amount !== 0n);
    expect(shares(result)).toEqual({ output: 1 });
    expect(own.map(({ key }) => key.template)).toEqual(['v2']);
  });

  it('a template that half of the calls use brings what it is, not what the other one was', () => {
    const result = decompose(
      before,
      ledger(
        chat,
        { ...report, calls: 250 },
        { ...report, calls: 250, template: 'v2', output: 6_000 },
      ),
    );
    const v2 = result.atoms
      .filter(({ kind, key }) => kind === 'output' && key.template === 'v2')
      .reduce((sum, { amount }) => sum + amount, 0n);
    expect(Number(v2) / Number(result.after - result.before)).toBeCloseTo(1, 6);
  });
});

describe('nothing to compare', () => {
  it('nothing on both sides is no difference', () => {
    expect(decompose(new Map(), new Map())).toEqual({
      groups: [],
      atoms: [],
      before: 0n,
      after: 0n,
    });
  });

  it('a first window with calls is all new', () => {
    const is = ledger({ feature: 'a', calls: 1, input: 10, output: 1 });
    const result = decompose(new Map(), is);
    expect(byKind(result)).toEqual({ new: result.after });
  });
});
