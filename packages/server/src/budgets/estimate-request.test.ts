import { Estimator, FarthingError, type CallShape } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { expect, test } from 'vitest';
import { countTexts, loadEncoding } from '../count/count-texts.js';
import { RequestCounter, type InputCount } from '../count/index.js';
import { estimateRequest, type EstimateParts, type EstimateRequest } from './estimate-request.js';

const book = defaultPriceBook();
const now = Date.parse('2026-11-20T12:00:00Z');
const tokenizer = {
  count: async (texts: readonly string[], encoding: 'o200k_base' | 'cl100k_base') =>
    countTexts(texts, await loadEncoding(encoding)),
};
const parts = (more: Partial<EstimateParts> = {}): EstimateParts => ({
  estimator: new Estimator((question) => book.tokenPrices(question)),
  providerOf: (model) =>
    model.startsWith('claude') ? 'anthropic' : model.startsWith('gpt') ? 'openai' : null,
  counter: new RequestCounter({ tokenizer, providerNamed: () => null }),
  now,
  ...more,
});
const ask = (asked: EstimateRequest, more?: Partial<EstimateParts>) =>
  estimateRequest(asked, parts(more));
const request = {
  model: 'gpt-4.1',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'hello world' }],
};

test('text is counted by the model’s own tokenizer, with what frames it', async () => {
  const { models } = await ask({ request });
  expect(models[0]!.input).toEqual({
    expected: 2 + 4 + 3,
    bound: Math.ceil(2 * 1.02) + 4 + 3,
    method: 'tokenizer',
    estimated: false,
    parts: { text: 2, framing: 7, tools: 0, files: 0 },
    notes: [],
  });
  // 9 × $2 and 100 × $8 per million.
  expect(models[0]!.usd).toMatchObject({ expected: '0.000818' });
});

test('of models without a public tokenizer it is an estimate, and says why', async () => {
  const { models } = await ask({ request, models: ['claude-haiku-4-5', 'gpt-4'] });
  const [claude, gpt] = ['claude-haiku-4-5', 'gpt-4'].map((name) =>
    models.find(({ model }) => model === name)!,
  );
  expect(claude!.input).toMatchObject({ method: 'tokenizer', estimated: true });
  expect(claude!.input.notes).toEqual([
    'The model’s tokenizer is not public: counted as o200k_base × 1.1.'.replace('’', "'"),
  ]);
  expect(gpt!.input).toMatchObject({ method: 'tokenizer', estimated: false });
});

/** Calls of a feature whose bytes are worth 0.4 tokens each. */
function taught(model: string): Estimator {
  const estimator = new Estimator((question) => book.tokenPrices(question));
  const shape: CallShape = {
    provider: 'anthropic',
    model,
    tags: { feature: 'search' },
    at: now,
    textBytes: 1_000,
    fileTokens: 0,
    maxOutput: null,
    caching: 'none',
    hasOutput: true,
  };
  const tokens = {
    input_uncached: 400,
    cache_read: 0,
    cache_write: 0,
    cache_write_5m: 0,
    cache_write_1h: 0,
    output: 50,
  };
  for (let call = 0; call < 30; call++) {
    estimator.learn(shape, {
      tokens,
      details: {},
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
    });
  }
  return estimator;
}

test('what calls of the feature took beats a factor, and is beaten by the own tokenizer', async () => {
  const asked = { request, feature: 'search' };
  for (const [model, method] of [
    ['claude-haiku-4-5', 'learned'],
    ['gpt-4.1', 'tokenizer'],
  ] as const) {
    const { models } = await ask({ ...asked, models: [model] }, { estimator: taught(model) });
    expect(models[0]).toMatchObject({ learned_calls: 30, input: { method } });
  }
});

test('where counting took too long, sizes speak for the text', async () => {
  const counter = new RequestCounter({
    tokenizer: { count: () => Promise.resolve(null) },
    providerNamed: () => null,
  });
  const { models } = await ask({ request }, { counter });
  expect(models[0]!.input).toMatchObject({ method: 'bytes/4', estimated: true, parts: null });
});

/** A provider that counts 42 for its own models. */
class Counting extends RequestCounter {
  override async byProvider(
    asked: Record<string, unknown>,
    viewer: { provider: string | null; model: string },
  ): Promise<InputCount> {
    if (viewer.provider !== 'anthropic') return super.byProvider(asked, viewer);
    const counted = { tokens: 42, bound: 42, method: 'provider', ownTokenizer: true } as const;
    return { ...counted, estimated: false, parts: null, files: [], notes: [] };
  }
}

test('a provider’s own count stands above all; a model that it is not of says why it has none', async () => {
  const counter = new Counting({ tokenizer, providerNamed: () => null });
  const models = ['claude-haiku-4-5', 'gpt-4.1'];
  const answer = await ask({ request, models, count: true }, { counter });
  const input = (name: string) => answer.models.find(({ model }) => model === name)!.input;
  expect(input('claude-haiku-4-5')).toMatchObject({
    expected: 42,
    bound: 42,
    method: 'provider',
    estimated: false,
  });
  expect(input('gpt-4.1').method).toBe('tokenizer');
  expect(input('gpt-4.1').notes[0]).toMatch(/no endpoint that counts/);
});

test('a count that no provider could make is an error', async () => {
  await expect(ask({ request, count: true })).rejects.toSatisfy(
    (error) => FarthingError.isInstance(error) && error.code === 'cannot_count',
  );
});
