import { describe, expect, test } from 'vitest';
import { emptyTokens } from '../../../usage/usage.js';
import { PriceBook } from '../../price-book.js';
import { ruleLayer } from '../../price-rows.js';
import { defaultPriceBook } from '../../snapshot/index.js';
import { readPriceFile } from '../read-price-file.js';

const read = (map: object) => readPriceFile(map, 'model_prices.json');
const sample_spec = { litellm_provider: 'one of …', mode: 'one of …', input_cost_per_token: 0 };

/** Entries as LiteLLM's map has them, with the keys that other tools need and this one does not. */
const sonnet = {
  cache_creation_input_token_cost: 3.75e-6,
  cache_creation_input_token_cost_above_1hr: 6e-6,
  cache_creation_input_token_cost_above_200k_tokens: 7.5e-6,
  cache_creation_input_token_cost_above_1hr_above_200k_tokens: 1.2e-5,
  cache_read_input_token_cost: 3e-7,
  cache_read_input_token_cost_above_200k_tokens: 6e-7,
  input_cost_per_token: 3e-6,
  input_cost_per_token_above_200k_tokens: 6e-6,
  litellm_provider: 'anthropic',
  max_input_tokens: 1_000_000,
  mode: 'chat',
  output_cost_per_token: 1.5e-5,
  output_cost_per_token_above_200k_tokens: 2.25e-5,
  search_context_cost_per_query: {
    search_context_size_high: 0.01,
    search_context_size_low: 0.01,
    search_context_size_medium: 0.01,
  },
  supports_prompt_caching: true,
  tool_use_system_prompt_tokens: 346,
};

describe('LiteLLM’s price map', () => {
  test('is known by its keys, and prices become exact decimals per million', () => {
    const file = read({ sample_spec, 'claude-sonnet-4-5': sonnet });
    expect(file).toMatchObject({ format: 'litellm', tools: [], notes: [] });
    const model = {
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      source: 'model_prices.json',
    };
    expect(file.rules).toEqual([
      {
        ...model,
        rates: {
          cache_write: '3.75',
          cache_write_1h: '6',
          cache_read: '0.3',
          input: '3',
          output: '15',
          web_searches: '10',
        },
      },
      {
        ...model,
        threshold: { op: 'gt', tokens: 200_000 },
        rates: {
          cache_write: '7.5',
          cache_write_1h: '12',
          cache_read: '0.6',
          input: '6',
          output: '22.5',
        },
      },
    ]);
  });

  test.each([
    [2.4999999999999998e-6, '2.5'],
    [7.999999999999999e-8, '0.08'],
    [1.2345e-7, '0.12345'],
    [5.46875e-7, '0.546875'],
    ['1e-06', '1'],
    [0, '0'],
  ])('a float is taken for the decimal that was meant: %j', (input_cost_per_token, input) => {
    const file = read({ m: { litellm_provider: 'acme', input_cost_per_token } });
    expect(file.rules[0]?.rates).toEqual({ input });
  });

  test('tiers, and their bands, are rows of their own', () => {
    const file = read({
      'gpt-5.4': {
        litellm_provider: 'openai',
        input_cost_per_token: 2.5e-6,
        input_cost_per_token_above_272k_tokens: 5e-6,
        input_cost_per_token_batches: 1.25e-6,
        input_cost_per_token_flex: 1.25e-6,
        input_cost_per_token_priority: 5e-6,
        input_cost_per_token_above_272k_tokens_priority: 1e-5,
      },
    });
    const rates = file.rules.map(({ when, threshold, rates: { input } = {} }) => [
      when?.service_tier ?? 'standard',
      threshold?.tokens ?? 0,
      input,
    ]);
    expect(rates.toSorted()).toEqual([
      ['batch', 0, '1.25'],
      // The map leaves these two out; a batch keeps its share of the long-context price.
      ['batch', 272_000, '2.5'],
      ['flex', 0, '1.25'],
      ['flex', 272_000, '2.5'],
      ['priority', 0, '5'],
      ['priority', 272_000, '10'],
      ['standard', 0, '2.5'],
      ['standard', 272_000, '5'],
    ]);
  });

  test('the bound of xAI’s long context belongs to it', () => {
    const input_cost_per_token_above_200k_tokens = 6e-6;
    const grok = { litellm_provider: 'xai', input_cost_per_token_above_200k_tokens };
    expect(read({ 'xai/grok-4': grok }).rules).toMatchObject([
      { provider: 'xai', model: 'grok-4', threshold: { op: 'gte', tokens: 200_000 } },
    ]);
  });

  test('price lists by range are bands', () => {
    const file = read({
      'dashscope/qwen-flash': {
        litellm_provider: 'dashscope',
        mode: 'chat',
        tiered_pricing: [
          { input_cost_per_token: 5e-8, output_cost_per_token: 4e-7, range: [0, 256000.0] },
          { input_cost_per_token: 2.5e-7, output_cost_per_token: 2e-6, range: [256000.0, 1e6] },
        ],
      },
    });
    expect(file.rules).toMatchObject([
      { provider: 'alibaba', model: 'qwen-flash', rates: { input: '0.05', output: '0.4' } },
      { threshold: { op: 'gt', tokens: 256_000 }, rates: { input: '0.25', output: '2' } },
    ]);
  });

  test.each([
    ['gemini/gemini-2.5-pro', 'gemini', 'google', 'gemini-2.5-pro'],
    ['gemini-2.5-pro', 'vertex_ai-language-models', 'google-vertex', 'gemini-2.5-pro'],
    [
      'vertex_ai/claude-opus-4@20250514',
      'vertex_ai-anthropic_models',
      'google-vertex',
      'claude-opus-4@20250514',
    ],
    [
      'us.anthropic.claude-opus-4-1-20250805-v1:0',
      'bedrock_converse',
      'aws-bedrock',
      'us.anthropic.claude-opus-4-1-20250805-v1:0',
    ],
    ['openrouter/anthropic/claude-opus-4', 'openrouter', 'openrouter', 'anthropic/claude-opus-4'],
    ['together_ai/meta-llama/Llama-3', 'together_ai', 'together', 'meta-llama/Llama-3'],
    [
      'fireworks_ai/accounts/fireworks/models/x',
      'fireworks_ai',
      'fireworks',
      'accounts/fireworks/models/x',
    ],
    ['cohere/command-r', 'cohere_chat', 'cohere', 'command-r'],
    ['groq/openai/gpt-oss-120b', undefined, 'groq', 'openai/gpt-oss-120b'],
  ])('%s of %s is %s/%s', (key, litellm_provider, provider, model) => {
    const entry = { input_cost_per_token: 1e-6, ...(litellm_provider ? { litellm_provider } : {}) };
    expect(read({ [key]: entry }).rules).toMatchObject([{ provider, model }]);
  });

  test('data zones of Azure and sizes of images are conditions', () => {
    const file = read({
      'azure/eu/gpt-4o-2024-08-06': { litellm_provider: 'azure', input_cost_per_token: 2.75e-6 },
      'azure/global/gpt-4o-2024-08-06': { litellm_provider: 'azure', input_cost_per_token: 2.5e-6 },
      'hd/1024-x-1792/dall-e-3': {
        litellm_provider: 'openai',
        mode: 'image_generation',
        output_cost_per_image: 0.12,
      },
    });
    expect(file.rules).toMatchObject([
      { model: 'gpt-4o-2024-08-06', rates: { input: '2.5' } },
      { model: 'gpt-4o-2024-08-06', when: { scope: 'data_zone' }, rates: { input: '2.75' } },
      { model: 'dall-e-3', when: { size: '1024x1792', quality: 'hd' }, rates: { images: '0.12' } },
    ]);
  });

  test('seconds, pages, searches and fees have the units that calls are counted in', () => {
    const rates = (provider: string, entry: object) =>
      read({ m: { litellm_provider: provider, ...entry } }).rules.map(({ when, rates: stated }) =>
        when === undefined ? stated : { ...stated, ...when },
      );
    const seconds = { input_cost_per_second: 0.0001, output_cost_per_second: 0.0 };
    expect(rates('openai', { mode: 'audio_transcription', ...seconds })).toEqual([
      { audio_seconds: '0.36' },
    ]);
    expect(rates('openai', { input_cost_per_character: 1.5e-5 })).toEqual([
      { input_characters: '15' },
    ]);
    expect(rates('mistral', { ocr_cost_per_page: 0.001 })).toEqual([{ pages: '1' }]);
    expect(rates('cohere', { mode: 'rerank', input_cost_per_query: 0.002 })).toEqual([
      { search_units: '2' },
    ]);
    const fees = { search_context_size_low: 0.005, search_context_size_high: 0.012 };
    expect(rates('perplexity', { search_context_cost_per_query: fees })).toEqual([
      { requests: '5' },
      { requests: '12', search_context_size: 'high' },
    ]);
  });

  test('an image that is paid by its tokens is not paid by the piece too', () => {
    const entry = {
      litellm_provider: 'vertex_ai-language-models',
      mode: 'image_generation',
      output_cost_per_image: 0.039,
      output_cost_per_image_token: 3e-5,
    };
    const file = read({ 'gemini-2.5-flash-image': entry });
    expect(file.rules[0]?.rates).toEqual({ output_image: '30' });
    expect(file.notes).toEqual([expect.stringMatching(/"output_cost_per_image" is not read/)]);
  });

  test('keys that are not known are notes, one for all models that have them', () => {
    const entry = { litellm_provider: 'acme', input_cost_per_token: 1e-6, moon_cost_per_phase: 3 };
    expect(read({ a: entry, b: entry, c: { ...entry, moon_cost_per_phase: 0 } }).notes).toEqual([
      '2 models (a, …): "moon_cost_per_phase" is not read',
    ]);
  });

  test('whatever stands for a figure, only errors that say so come of it', () => {
    const entry = { litellm_provider: 'acme', input_cost_per_token: 1e-6 };
    const odd = { toString: 1, valueOf: 1 };
    expect(read({ m: { ...entry, moon_cost_per_phase: odd } }).notes).toHaveLength(1);
    expect(() => read({ m: { ...entry, input_cost_per_token: odd } })).toThrow(/must be a number/);
  });

  test('figures that cannot be true are errors in a map of one’s own', () => {
    const bad = {
      a: { litellm_provider: 'wandb', input_cost_per_token: 0.015, output_cost_per_token: -1 },
      b: { litellm_provider: 'wandb', input_cost_per_token: 'much' },
      c: { input_cost_per_token: 1e-6 },
    };
    expect(() => read(bad)).toThrow(
      /4 problems:\n- a: input_cost_per_token is 0\.015 USD per token.*\n- a: output_cost_per_token is -1.*\n- b: input_cost_per_token must be a number.*\n- c: litellm_provider is missing/,
    );
  });

  test('in the published map they leave out that model and say so', () => {
    const entry = { litellm_provider: 'wandb', input_cost_per_token: 0.015 };
    const file = read({
      sample_spec,
      'wandb/x': entry,
      y: { ...entry, input_cost_per_token: 1e-6 },
    });
    expect(file.rules).toMatchObject([{ model: 'y' }]);
    expect(file.notes).toEqual(['wandb/x: left out: input_cost_per_token cannot be true']);
  });

  test('prices calls over the list, cache and long context included', () => {
    const halved = Object.fromEntries(
      Object.entries(sonnet).map(([key, value]) => [
        key,
        typeof value === 'number' && key.includes('cost') ? value / 2 : value,
      ]),
    );
    const { rules } = read({ 'claude-sonnet-4-5': halved });
    const layer = ruleLayer('override', 'model_prices.json', rules);
    const tokens = { ...emptyTokens(), input_uncached: 1_000, cache_read: 250_000, output: 100 };
    const usage = {
      tokens,
      details: {},
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
    };
    const call = {
      provider: 'anthropic',
      api: 'messages',
      model: 'claude-sonnet-4-5-20250929',
      at: '2026-11-01T00:00:00Z',
      reading: { status: 'ok', usage },
    } as const;
    // Above 200k by the map: (1,000 × 3 + 250,000 × 0.3 + 100 × 11.25) / 10^6.
    expect(defaultPriceBook([layer]).price(call)).toMatchObject({
      usd: '0.079125',
      source: 'override',
      price: { book: 'model_prices.json', model: 'claude-sonnet-4-5' },
      list_usd: defaultPriceBook().price(call).usd,
    });
    expect(new PriceBook([layer]).price({ ...call, model: 'claude-sonnet-4-5' }).usd).toBe(
      '0.079125',
    );
  });
});
