import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cost, Entry } from '../entry.js';
import { formatUsd, parseUsd } from '../money.js';
import type { Charge } from '../pricing/charge.js';
import { emptyTokens, type Usage } from '../usage/usage.js';
import { adjustEntry, type AdjustmentFacts, type Correction } from './adjust-entry.js';
import { adjustmentFlaw } from './adjustment-flaw.js';
import { costChange } from './cost-change.js';
import { restate } from './restate.js';

const facts: AdjustmentFacts = {
  cause: 'price',
  reason: 'gpt-6 is listed now',
  by: 'ada',
  source: 'reprice',
  recorded_at: '2026-11-20T09:00:00.000Z',
};
const newId = (entry: string, number: number): string => `${entry}#${number}`;

const line = (kind: string, quantity: number, rate: string): Charge => ({
  kind,
  quantity,
  rate_usd: rate,
  per: 1_000_000,
  amount_usd: formatUsd((BigInt(quantity) * parseUsd(rate)) / 1_000_000n),
});
const bill = (...charges: Charge[]): Cost => ({
  usd: formatUsd(charges.reduce((sum, { amount_usd }) => sum + parseUsd(amount_usd), 0n)),
  status: 'priced',
  source: 'base',
  charges,
  price: { book: 'genai-prices@1', provider: 'openai', model: 'gpt-6' },
});
const unknown: Cost = { usd: null, status: 'unknown_model', reason: 'no price', charges: [] };
const tokens = (input: number, output: number): Usage => ({
  tokens: { ...emptyTokens(), input_uncached: input, output },
  details: {},
  units: {},
  modifiers: {},
  estimated: false,
  raw: { prompt_tokens: input, completion_tokens: output },
  notes: [],
});
const call = (cost: Cost, usage: Usage | null = tokens(1000, 50)): Entry => ({
  schema: 1,
  event: 'llm.cost.tracked',
  id: 'call',
  kind: 'call',
  source: 'gateway',
  started_at: '2026-10-31T23:59:59.000Z',
  ended_at: '2026-11-01T00:00:01.000Z',
  duration_ms: 2000,
  provider: 'openai',
  api: 'chat.completions',
  stream: true,
  model_requested: 'gpt-6',
  model: 'gpt-6',
  outcome: 'ok',
  http_status: 200,
  attempt: 2,
  usage,
  cost,
  estimate: { input_tokens: 900, output_tokens: 100, method: 'bytes/4' },
  tags: { feature: 'search', custom: { team: 'a' } },
});

/** Adjusts once after another, as repricings do. */
function correct(original: Entry, ...corrections: Correction[]): Entry[] {
  const adjustments: Entry[] = [];
  for (const now of corrections) {
    const next = adjustEntry(original, adjustments, now, facts, newId);
    if (next !== null) adjustments.push(next);
  }
  return adjustments;
}

describe('an adjusting entry', () => {
  test('of a call that waited for a price holds its whole cost', () => {
    const original = call(unknown);
    const now = bill(line('input_uncached', 1000, '2'), line('output', 50, '8'));
    const [adjustment] = correct(original, { cost: now });
    expect(adjustment).toMatchObject({
      id: 'call#1',
      kind: 'adjustment',
      source: 'reprice',
      recorded_at: facts.recorded_at,
      usage: null,
      cost: now,
      adjusts: {
        entry: 'call',
        number: 1,
        cause: 'price',
        reason: facts.reason,
        by: 'ada',
        status_before: 'unknown_model',
        status_after: 'priced',
        usd_before: null,
        usd_after: '0.0024',
      },
    });
    expect(adjustment!.adjusts).not.toHaveProperty('price_before');
  });

  test('repeats who called what, when and how, and not where its input came from', () => {
    const original: Entry = {
      ...call(unknown),
      prompt: { user: 1_000 },
      prefixes: { keys: ['hT3kq0Zx'], tokens: [1_000], head: 1 },
    };
    const [adjustment] = correct(original, { cost: bill(line('output', 50, '8')) });
    const made = ['id', 'kind', 'source', 'usage', 'cost', 'prompt', 'prefixes'];
    for (const [field, value] of Object.entries(original)) {
      if (!made.includes(field)) expect(adjustment).toHaveProperty(field, value);
    }
    expect(adjustment).not.toHaveProperty('prompt');
    expect(adjustment).not.toHaveProperty('prefixes');
  });

  test('repeats the estimate of a call that is compared with it, and of no other', () => {
    const estimate = { input_tokens: 900, output_tokens: 40, usd: '0.002', method: 'learned' };
    const now = { cost: bill(line('output', 50, '8')) };
    const [counted] = correct({ ...call(unknown), estimate }, now);
    expect(counted!.estimate).toEqual(estimate);
    const guessed = { ...tokens(1000, 50), estimated: true };
    const [broken] = correct({ ...call(unknown, guessed), estimate }, now);
    expect(broken).not.toHaveProperty('estimate');
  });

  test('takes back the lines that went, posts those that came, and leaves out the others', () => {
    const input = line('input_uncached', 1000, '2');
    const original = call(bill(input, line('output', 50, '8')));
    const [adjustment] = correct(original, { cost: bill(input, line('output', 50, '10')) });
    expect(adjustment!.cost).toMatchObject({
      usd: '0.0001',
      charges: [
        { kind: 'output', quantity: -50, rate_usd: '8', amount_usd: '-0.0004' },
        { kind: 'output', quantity: 50, rate_usd: '10', amount_usd: '0.0005' },
      ],
    });
    expect(adjustment!.adjusts).toMatchObject({
      usd_before: '0.0024',
      usd_after: '0.0025',
      price_before: original.cost.price,
    });
  });

  test('of a price that turned out to be none takes the whole cost back', () => {
    const original = call(bill(line('output', 50, '8')));
    const [adjustment] = correct(original, { cost: unknown });
    expect(adjustment!.cost).toMatchObject({ usd: '-0.0004', status: 'unknown_model' });
    expect(adjustment!.adjusts).toMatchObject({ usd_before: '0.0004', usd_after: null });
    expect(restate(original, [adjustment!]).cost).toEqual(unknown);
  });

  test('is not made when nothing changes but the name of the price row', () => {
    const cost = bill(line('output', 50, '8'));
    const renamed: Cost = { ...cost, price: { ...cost.price!, book: 'genai-prices@2' } };
    expect(correct(call(cost), { cost: renamed })).toEqual([]);
    expect(correct(call(unknown), { cost: { ...unknown, reason: 'in other words' } })).toEqual([]);
  });

  test('of other counts holds their signed differences', () => {
    const original = call(bill(line('input_uncached', 1000, '2')), tokens(1000, 50));
    const usage: Usage = {
      ...tokens(400, 50),
      tokens: { ...emptyTokens(), input_uncached: 400, cache_read: 600, output: 50 },
      details: { reasoning: 7 },
      units: { web_searches: 1 },
    };
    const cost = bill(line('input_uncached', 400, '2'), line('cache_read', 600, '0.5'));
    const [adjustment] = correct(original, { cost, usage });
    expect(adjustment!.usage).toMatchObject({
      tokens: { ...emptyTokens(), input_uncached: -600, cache_read: 600 },
      details: { reasoning: 7 },
      units: { web_searches: 1 },
    });
    expect(restate(original, [adjustment!])).toEqual({ cost, usage });
  });

  test('keeps cost at list prices apart from the contracted one', () => {
    const original = call(bill(line('output', 50, '8')));
    const discounted: Cost = {
      ...bill({ ...line('output', 50, '6'), list_rate_usd: '8', list_amount_usd: '0.0004' }),
      list_usd: '0.0004',
    };
    const [adjustment] = correct(original, { cost: discounted });
    expect(adjustment!.cost).toMatchObject({ usd: '-0.0001', list_usd: '0' });
    expect(restate(original, [adjustment!]).cost).toEqual(discounted);
  });

  test('of a reported cost changes only what was computed beside it', () => {
    const reported: Cost = {
      ...bill(line('output', 50, '8')),
      usd: '0.001',
      source: 'reported',
      reported_usd: '0.001',
      computed_usd: '0.0004',
    };
    const now: Cost = {
      ...reported,
      ...pick(bill(line('output', 50, '10'))),
      computed_usd: '0.0005',
    };
    const original = call(reported);
    const [adjustment] = correct(original, { cost: now });
    expect(adjustment!.cost).toMatchObject({ usd: '0', computed_usd: '0.0001' });
    expect(restate(original, [adjustment!]).cost).toEqual(now);
  });

  test('stands by the status that its call was booked with, also after another adjustment', () => {
    const adjustments = correct(
      call(unknown),
      { cost: bill(line('output', 50, '8')) },
      { cost: bill(line('output', 50, '9')) },
    );
    expect(
      adjustments.map(({ adjusts }) => [adjusts!.status_booked, adjusts!.status_before]),
    ).toEqual([
      [undefined, 'unknown_model'],
      ['unknown_model', 'priced'],
    ]);
  });

  test('leaves amounts that a person stated for the call on top of what it costs', () => {
    const original = call(bill(line('output', 50, '8')));
    const refund: Entry = {
      ...original,
      id: 'refund',
      kind: 'adjustment',
      adjusts: {
        entry: 'call',
        number: 1,
        cause: 'manual',
        reason: 'goodwill',
        by: 'ada',
        status_before: 'priced',
        status_after: 'priced',
        usd_before: '0.0004',
        usd_after: '0.0001',
      },
      usage: null,
      cost: { usd: '-0.0003', status: 'priced', source: 'source', charges: [] },
    };
    expect(adjustEntry(original, [refund], { cost: original.cost }, facts, newId)).toBeNull();
    const cost = bill(line('output', 50, '10'));
    const next = adjustEntry(original, [refund], { cost }, facts, newId)!;
    expect(next.adjusts).toMatchObject({ number: 2, usd_before: '0.0001', usd_after: '0.0002' });
    expect(restate(original, [refund, next]).cost.usd).toBe('0.0002');

    const gone = adjustEntry(original, [refund, next], { cost: unknown }, facts, newId)!;
    expect(gone.adjusts).toMatchObject({ usd_before: '0.0002', usd_stated: '-0.0003' });
    expect(gone.cost.usd).toBe('-0.0005');
    const back = adjustEntry(original, [refund, next, gone], { cost }, facts, newId)!;
    expect(back.cost.usd).toBe('0.0005');
    expect(restate(original, [refund, next, gone, back]).cost.usd).toBe('0.0002');
    for (const entry of [refund, next, gone, back]) expect(adjustmentFlaw(entry)).toBeNull();
  });
});

const pick = ({ charges }: Cost): Pick<Cost, 'charges'> => ({ charges });

const arbitraryCost: fc.Arbitrary<Cost> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(
        fc.tuple(
          fc.constantFrom('input_uncached', 'cache_read', 'output', 'web_searches'),
          fc.nat(3),
          fc.constantFrom('0.5', '2', '8', '10000'),
        ),
        { maxLength: 5 },
      )
      .map((lines) => bill(...lines.map(([kind, quantity, rate]) => line(kind, quantity, rate)))),
  },
  fc
    .constantFrom('unknown_model' as const, 'contract_required' as const, 'not_billed' as const)
    .map((status): Cost => ({ usd: null, status, reason: status, charges: [] })),
);
const arbitraryUsage = fc
  .record({ input: fc.nat(5), output: fc.nat(5) })
  .map(({ input, output }) => tokens(input, output));
const arbitraryCorrection: fc.Arbitrary<Correction> = fc.oneof(
  fc.record({ cost: arbitraryCost }),
  fc.record({ cost: arbitraryCost, usage: arbitraryUsage }),
);
const chain = fc.tuple(
  fc.record({ cost: arbitraryCost, usage: arbitraryUsage }),
  fc.array(arbitraryCorrection, { minLength: 1, maxLength: 6 }),
);

const something = (cost: Cost): unknown[] =>
  cost.charges
    .filter(({ quantity }) => quantity !== 0)
    .map((charge) => JSON.stringify(charge))
    .sort();

describe('for any row of corrections', () => {
  test('the restated total is the original plus all adjustments, and is the last correction', () => {
    fc.assert(
      fc.property(chain, ([first, corrections]) => {
        const original = call(first.cost, first.usage);
        const adjustments = correct(original, ...corrections);
        const restated = restate(original, adjustments);
        const now = corrections.at(-1)!.cost;
        expect(restated.cost.usd).toBe(now.usd);
        expect(restated.cost.status).toBe(now.status);
        expect(something(restated.cost)).toEqual(something(now));
        const sum = [original, ...adjustments].reduce(
          (total, { cost }) => total + parseUsd(cost.usd ?? '0'),
          0n,
        );
        expect(formatUsd(sum)).toBe(now.usd ?? '0');
        const usage = corrections.findLast((correction) => correction.usage !== undefined)?.usage;
        expect(restated.usage?.tokens).toEqual((usage ?? first.usage).tokens);
      }),
    );
  });

  test('correcting once more to the same changes nothing', () => {
    fc.assert(
      fc.property(chain, ([first, corrections]) => {
        const original = call(first.cost, first.usage);
        const adjustments = correct(original, ...corrections);
        const again = correct(original, ...corrections, corrections.at(-1)!);
        expect(again).toEqual(adjustments);
      }),
    );
  });

  test('charges explain each difference, numbers count up, and the books accept it', () => {
    fc.assert(
      fc.property(chain, ([first, corrections]) => {
        const adjustments = correct(call(first.cost, first.usage), ...corrections);
        for (const [index, entry] of adjustments.entries()) {
          expect(entry.adjusts!.number).toBe(index + 1);
          expect(adjustmentFlaw(entry)).toBeNull();
          const charged = entry.cost.charges.reduce(
            (sum, { amount_usd }) => sum + parseUsd(amount_usd),
            0n,
          );
          expect(formatUsd(charged)).toBe(entry.cost.usd ?? '0');
        }
      }),
    );
  });

  test('known and unknown costs add up to those of the restated call', () => {
    fc.assert(
      fc.property(chain, ([first, corrections]) => {
        const original = call(first.cost, first.usage);
        const adjustments = correct(original, ...corrections);
        const sum = (name: 'known' | 'unknown'): number =>
          [original, ...adjustments].reduce((total, entry) => total + costChange(entry)[name], 0);
        const restated = { adjusts: undefined, cost: restate(original, adjustments).cost };
        const { known, unknown: lacking } = costChange(restated as unknown as Entry);
        expect([sum('known'), sum('unknown')]).toEqual([known, lacking]);
      }),
    );
  });
});

describe('the books refuse', () => {
  const [adjustment] = correct(call(unknown), { cost: bill(line('output', 50, '8')) });
  const priced = {
    ...adjustment!.adjusts!,
    status_before: 'priced' as const,
    usd_before: '1',
    usd_after: '3',
  };
  const gone = { ...priced, usd_after: null, status_after: 'unknown_model' as const };
  test.each([
    ['a call that adjusts', { ...call(unknown), adjusts: adjustment!.adjusts! }, 'adjusts'],
    ['an adjustment of nothing', { ...call(unknown), kind: 'adjustment' as const }, 'adjusts'],
    [
      'a call with a negative count',
      call(unknown, { ...tokens(1, 1), tokens: { ...emptyTokens(), output: -1 } }),
      'usage.tokens.output',
    ],
    ['a call with a reversal', call(bill(line('output', -1, '8'))), 'cost.charges[0].quantity'],
    [
      'an adjustment of itself',
      { ...adjustment!, adjusts: { ...adjustment!.adjusts!, entry: adjustment!.id } },
      'adjusts.entry',
    ],
    ['a price that came without a cost', { ...adjustment!, cost: unknown }, 'cost.usd'],
    [
      'a price that came with another cost',
      { ...adjustment!, cost: { ...adjustment!.cost, usd: '100' } },
      'cost.usd',
    ],
    [
      'a price that went and costs more',
      { ...adjustment!, adjusts: gone, cost: { ...unknown, usd: '5' } },
      'cost.usd',
    ],
    [
      'lines that come to another cost',
      { ...adjustment!, cost: { ...adjustment!.cost, charges: [line('output', 51, '8')] } },
      'cost.charges',
    ],
    ['a priced call without a cost', call({ ...unknown, status: 'priced' }), 'cost.usd'],
    [
      'a call of an unknown model at a cost',
      call({ ...bill(line('output', 50, '8')), status: 'unknown_model' }),
      'cost.usd',
    ],
    [
      'an adjustment to a price without a cost',
      { ...adjustment!, adjusts: { ...priced, usd_after: null } },
      'adjusts.usd_after',
    ],
    [
      'a stated amount that makes a cost unknown',
      { ...adjustment!, adjusts: { ...gone, cause: 'manual' as const } },
      'adjusts.usd_after',
    ],
    ['a difference that is another', { ...adjustment!, adjusts: priced }, 'cost.usd'],
    [
      'an amount of no call that is not stated',
      { ...adjustment!, adjusts: { ...priced, entry: null }, cost: unknown },
      'cost.usd',
    ],
  ])('%s', (_, entry, field) => {
    expect(adjustmentFlaw(entry)).toMatchObject({ field });
  });
});
