import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { promptSources } from '../estimate/prompt-sources.js';
import { splitByFactors } from './split-by-factors.js';
import { splitExcess, type ExcessPart } from './split-excess.js';
import { totalOf, type CallShape } from './typical-call.js';

const perToken = { uncached: 2_000_000n, read: 200_000n, written: 2_500_000n, output: 10_000_000n };

/** A call at these prices: 2 USD per million input tokens, 0.20 cached, 2.50 written, 10 output. */
function callOf(
  tokens: Partial<CallShape['tokens']>,
  {
    factor = 1n,
    prompt = null,
    other = 0n,
  }: {
    factor?: bigint;
    prompt?: Partial<NonNullable<CallShape['prompt']>> | null;
    other?: bigint;
  } = {},
): CallShape {
  const all = { uncached: 0, read: 0, written: 0, output: 0, reasoning: 0, ...tokens };
  const amount = (kind: keyof typeof perToken) => BigInt(all[kind]) * perToken[kind] * factor;
  return {
    tokens: all,
    cost: {
      uncached: amount('uncached'),
      read: amount('read'),
      written: amount('written'),
      output: amount('output'),
      other,
    },
    prompt:
      prompt === null
        ? null
        : { system: 0, tools: 0, context: 0, history: 0, user: 0, files: 0, ...prompt },
  };
}

const largest = (parts: readonly ExcessPart[]) =>
  parts.reduce((most, part) => (part.amount > most.amount ? part : most));
const sum = (parts: readonly ExcessPart[]) => parts.reduce((all, { amount }) => all + amount, 0n);

const typical = callOf(
  { uncached: 200, read: 800, output: 50, reasoning: 20 },
  { prompt: { system: 400, history: 400, user: 200 } },
);
const promptOf = (changes: object) => ({
  prompt: { system: 400, history: 400, user: 200, ...changes },
});

describe('what makes a call cost more than its typical peer', () => {
  test.each([
    [
      'a longer history',
      callOf(
        { uncached: 2_200, read: 8_800, output: 50, reasoning: 20 },
        promptOf({ history: 10_400 }),
      ),
      { kind: 'prompt', source: 'history' },
    ],
    [
      'what a tool returned',
      callOf(
        { uncached: 2_200, read: 8_800, output: 50, reasoning: 20 },
        promptOf({ context: 10_000 }),
      ),
      { kind: 'prompt', source: 'context' },
    ],
    [
      'a cache that was missed',
      callOf({ uncached: 1_000, output: 50, reasoning: 20 }, promptOf({})),
      { kind: 'cache' },
    ],
    [
      'a longer answer',
      callOf({ uncached: 200, read: 800, output: 1_050, reasoning: 20 }, promptOf({})),
      { kind: 'output' },
    ],
    [
      'more reasoning',
      callOf({ uncached: 200, read: 800, output: 1_050, reasoning: 1_020 }, promptOf({})),
      { kind: 'reasoning' },
    ],
    [
      'searches',
      callOf(
        { uncached: 200, read: 800, output: 50, reasoning: 20 },
        { ...promptOf({}), other: 10n ** 10n },
      ),
      { kind: 'other' },
    ],
  ])('%s is the whole difference', (_, call, expected) => {
    const parts = splitExcess(call, typical);
    expect(largest(parts)).toMatchObject(expected);
    expect(largest(parts).amount).toBe(totalOf(call.cost) - totalOf(typical.cost));
  });

  test('a price four times as high is told of the input and of the output', () => {
    const call = callOf(typical.tokens, { factor: 4n, ...promptOf({}) });
    const parts = splitExcess(call, typical);
    expect(parts.map(({ kind, amount }) => [kind, amount])).toEqual([
      ['input_price', 3n * 560_000_000n],
      ['output_price', 3n * 500_000_000n],
    ]);
  });

  test('a cost that is one figure is that of all its tokens', () => {
    const figure = (tokens: object, other: bigint): CallShape => ({
      ...callOf(tokens),
      cost: { uncached: 0n, read: 0n, written: 0n, output: 0n, other },
    });
    const usual = figure({ uncached: 1_000, output: 100 }, 1_100_000_000n);
    const dear = figure({ uncached: 1_000, output: 100 }, 11_000_000_000n);
    expect(splitExcess(dear, usual)).toEqual([{ kind: 'input_price', amount: 9_900_000_000n }]);
    const long = figure({ uncached: 10_900, output: 100 }, 11_000_000_000n);
    expect(splitExcess(long, usual)).toEqual([
      { kind: 'prompt', source: null, amount: 9_900_000_000n },
    ]);
  });

  test('the parts add up exactly, whatever the calls, zeros and credits among them', () => {
    const tokens = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2_000_000 }));
    const amount = fc.oneof(fc.constant(0n), fc.bigInt(0n, 10n ** 16n));
    const shape: fc.Arbitrary<CallShape> = fc.record({
      tokens: fc.record({
        uncached: tokens,
        read: tokens,
        written: tokens,
        output: tokens,
        reasoning: tokens,
      }),
      cost: fc.record({
        uncached: amount,
        read: amount,
        written: amount,
        output: amount,
        other: fc.oneof(amount, fc.bigInt(-(10n ** 12n), 0n)),
      }),
      prompt: fc.option(
        fc
          .tuple(...promptSources.map(() => tokens))
          .map(
            (counts) =>
              Object.fromEntries(
                promptSources.map((source, index) => [source, counts[index]!]),
              ) as NonNullable<CallShape['prompt']>,
          ),
      ),
    });
    fc.assert(
      fc.property(shape, shape, (call, usual) => {
        expect(sum(splitExcess(call, usual))).toBe(totalOf(call.cost) - totalOf(usual.cost));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the split by factors', () => {
  test('gives a factor its logarithm’s part, and 0 the whole', () => {
    const [length, price] = splitByFactors(600, 10, [
      [30, 1],
      [20, 10],
    ]) as [number, number];
    expect(length / (length + price)).toBeCloseTo(Math.log(30) / Math.log(60), 12);
    expect(length + price).toBeCloseTo(590, 9);
    expect(
      splitByFactors(600, 0, [
        [30, 0],
        [20, 0],
      ]),
    ).toEqual([600, 0]);
    expect(
      splitByFactors(0, 0, [
        [0, 0],
        [0, 0],
      ]),
    ).toEqual([0, 0]);
  });
});
