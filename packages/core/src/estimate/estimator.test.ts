import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyTokens, type Usage } from '../usage/usage.js';
import {
  costDrift,
  Estimator,
  readEstimatorState,
  type CallShape,
  type EstimatorState,
} from './estimator.js';

/** $2 and $8 per million tokens; reads of a cache at a tenth of the input, writes at 1.25 and 2 times. */
const prices = () => ({
  input: 2_000_000n,
  cacheRead: 200_000n,
  cacheWrite: 2_500_000n,
  cacheWrite1h: 4_000_000n,
  output: 8_000_000n,
});

function shape(changes: Partial<CallShape> = {}): CallShape {
  return {
    provider: 'openai',
    model: 'gpt-4.1',
    tags: { feature: 'search' },
    at: 0,
    textBytes: 4_000,
    fileTokens: 0,
    maxOutput: 2_000,
    caching: 'none',
    hasOutput: true,
    ...changes,
  };
}

function used(input: number, output: number, estimated = false): Usage {
  return {
    tokens: { ...emptyTokens(), input_uncached: input, output },
    details: {},
    units: {},
    modifiers: {},
    estimated,
    raw: null,
    notes: [],
  };
}

function usedCache(uncached: number, read: number, written: number): Usage {
  const { tokens, ...rest } = used(uncached, 100);
  return { ...rest, tokens: { ...tokens, cache_read: read, cache_write_5m: written } };
}

function taught(): Estimator {
  const estimator = new Estimator(prices);
  for (let call = 0; call < 60; call++) estimator.learn(shape(), used(1_400, 100 + call));
  return estimator;
}

describe('the estimate of a call', () => {
  test('takes 500 tokens for an unknown answer, and all that is allowed for its bound', () => {
    const { output, cost, demand } = new Estimator(prices).estimate(shape());
    expect(output).toMatchObject({ q50: 500, q99: 2_000, basis: 'none' });
    expect(cost).toEqual({
      expected: 1_000n * 2_000_000n + 500n * 8_000_000n,
      q95: 1_000n * 2_000_000n + 2_000n * 8_000_000n,
      q99: 1_000n * 2_000_000n + 2_000n * 8_000_000n,
      bound: 2_000n * 2_000_000n + 2_000n * 8_000_000n,
    });
    expect(demand).toMatchObject({ likelyOutput: 2_000, mostOutput: 2_000, mayClamp: true });
  });

  test('follows what calls of its feature took', () => {
    const { input, output, demand } = taught().estimate(shape());
    expect(input).toMatchObject({ expected: 1_400, method: 'learned' });
    expect(output.q50).toBeGreaterThan(120);
    expect(output.q99).toBeLessThan(250);
    expect(demand.likelyOutput).toBeLessThan(250);
    expect(demand.mostOutput).toBe(2_000);
  });

  test('is never more than the request allows', () => {
    const { output } = taught().estimate(shape({ maxOutput: 50 }));
    expect(output).toMatchObject({ mean: 50, q50: 50, q95: 50, q99: 50 });
  });

  test('prices input at what it may become: written to a cache, if the request asks for that', () => {
    const costOf = (caching: CallShape['caching']) =>
      new Estimator(prices).estimate(shape({ caching })).demand.inputCost;
    expect(costOf('5m')).toBe(2_000n * 2_500_000n);
    expect(costOf('1h')).toBe(2_000n * 4_000_000n);
  });

  test('has no cost where the model has no price, and still its tokens', () => {
    const { cost, demand } = new Estimator(() => null).estimate(shape());
    expect(cost).toBeNull();
    expect(demand).toMatchObject({ inputTokens: 2_000, mostOutput: 2_000 });
  });

  test('expects no output of APIs that have none', () => {
    const { output, demand } = taught().estimate(shape({ hasOutput: false }));
    expect(output.q99).toBe(0);
    expect(demand).toMatchObject({ mostOutput: 0, mayClamp: false });
  });

  test('learns nothing from usage that was itself estimated', () => {
    const estimator = new Estimator(prices);
    for (let call = 0; call < 60; call++) estimator.learn(shape(), used(1_400, 9, true));
    expect(estimator.estimate(shape()).output.basis).toBe('none');
  });

  test('is the same after a restart', () => {
    const estimator = taught();
    for (let call = 0; call < 30; call++) estimator.learn(shape(), usedCache(400, 1_000, 0));
    const restored = new Estimator(prices, JSON.parse(JSON.stringify(estimator.state())));
    expect(restored.estimate(shape())).toEqual(estimator.estimate(shape()));
  });
});

describe('a prompt cache', () => {
  test('makes the input as cheap as it was: what is read, what is written, and the rest', () => {
    const estimator = new Estimator(prices);
    for (let call = 0; call < 40; call++) estimator.learn(shape(), usedCache(200, 600, 200));
    const costOf = (caching: CallShape['caching']) => {
      const { cost, output } = estimator.estimate(shape({ caching, counted }));
      return cost!.expected - BigInt(Math.ceil(output.mean)) * 8_000_000n;
    };
    const counted = { expected: 1_000, bound: 1_000, method: 'tokenizer' } as const;
    const within = (actual: bigint, dollarsPerMillion: number) =>
      expect(Number(actual) / 1e9).toBeCloseTo(dollarsPerMillion, 1);
    within(costOf('none'), 0.6 * 0.2 + 0.4 * 2);
    within(costOf('5m'), 0.6 * 0.2 + 0.2 * 2.5 + 0.2 * 2);
    within(costOf('1h'), 0.6 * 0.2 + 0.2 * 4 + 0.2 * 2);
  });

  test('is no reason to hold less: a call may find nothing in it', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const caching = fc.constantFrom('none' as const, '5m' as const, '1h' as const);
    fc.assert(
      fc.property(share, share, caching, fc.nat({ max: 50_000 }), (read, written, kind, bytes) => {
        const warm = new Estimator(prices);
        const cold = new Estimator(prices);
        for (let call = 0; call < 30; call++) {
          const fromCache = Math.floor(1_400 * read);
          const toCache = Math.floor((1_400 - fromCache) * written);
          warm.learn(shape(), usedCache(1_400 - fromCache - toCache, fromCache, toCache));
          cold.learn(shape(), used(1_400, 100));
        }
        const asked = shape({ caching: kind, textBytes: bytes });
        const [one, other] = [warm.estimate(asked), cold.estimate(asked)];
        expect(one.demand).toEqual(other.demand);
        expect({ ...one.cost, expected: 0n }).toEqual({ ...other.cost, expected: 0n });
        expect(one.cost!.expected).toBeLessThanOrEqual(one.cost!.q95);
        expect(one.cost!.expected).toBeGreaterThanOrEqual(0n);
      }),
    );
  });
});

test('drift is measured against the estimate, and against a hundredth of a cent where that is less', () => {
  const usd = (amount: number) => BigInt(Math.round(amount * 1e12));
  expect(costDrift(usd(0.01), usd(0.014))).toBe(0.4);
  expect(costDrift(usd(0.01), usd(0.005))).toBe(-0.5);
  expect(costDrift(usd(0.00001), usd(0.00003))).toBe(0.2);
});

describe('what was learned', () => {
  test('is read back only where it is whole', () => {
    const state = JSON.parse(JSON.stringify(new Estimator(() => null).state())) as EstimatorState;
    expect(readEstimatorState(state)).toEqual(state);
    const { cache: _, ...written } = state;
    expect(readEstimatorState(written), 'as earlier versions wrote it').toEqual(written);
    for (const damaged of [
      null,
      'text',
      { ...state, version: 2 },
      { ...state, input: { version: 1 } },
      { ...state, input: { version: 1, windows: [['key', ['many']]] } },
      { ...state, output: { version: 1, windows: [], levels: [['key', [0.5]]] } },
      { ...state, output: { version: 1, windows: [['all', [-1]]], levels: [] } },
      { ...state, cache: { version: 1, sums: [['key', [20, 1_000]]] } },
      { ...state, cache: 'text' },
    ]) {
      expect(readEstimatorState(damaged)).toBeNull();
    }
  });
});
