import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readUsage } from './read-usage.js';
import { totalInput, type Usage } from './usage.js';

function read(usage: unknown, provider = 'openai', body: object = {}) {
  return readUsage({ provider, api: 'chat.completions', payload: { ...body, usage } });
}

function usageOf(usage: unknown, provider = 'openai', body: object = {}): Usage {
  const reading = read(usage, provider, body);
  if (reading.status !== 'ok') throw new Error(`${reading.status}: ${reading.reason}`);
  return reading.usage;
}

function reasonOf(usage: unknown, provider = 'openai'): string {
  const reading = read(usage, provider);
  expect(reading.status).toBe('invalid_usage');
  return reading.status === 'invalid_usage' ? reading.reason : '';
}

const complete = {
  prompt_tokens: 4000,
  completion_tokens: 500,
  total_tokens: 4500,
  prompt_tokens_details: { cached_tokens: 3207, cache_write_tokens: 512, audio_tokens: 40 },
  completion_tokens_details: {
    reasoning_tokens: 100,
    audio_tokens: 20,
    accepted_prediction_tokens: 50,
    rejected_prediction_tokens: 30,
  },
};

describe('OpenAI chat usage', () => {
  test('the prompt includes what was read from and written to the cache', () => {
    const { tokens, details } = usageOf(complete);
    expect(tokens).toEqual({
      input_uncached: 281,
      cache_read: 3207,
      cache_write: 512,
      cache_write_5m: 0,
      cache_write_1h: 0,
      output: 500,
    });
    expect(details).toEqual({
      reasoning: 100,
      input_audio: 40,
      output_audio: 20,
      accepted_prediction: 50,
      rejected_prediction: 30,
    });
  });

  test('the model, the id and the tier that served the call are kept', () => {
    const reading = read(complete, 'openai', {
      id: 'chatcmpl-1',
      model: 'gpt-4o-2024-08-06',
      service_tier: 'priority',
    });
    expect(reading).toMatchObject({
      status: 'ok',
      model: 'gpt-4o-2024-08-06',
      response_id: 'chatcmpl-1',
      usage: { modifiers: { service_tier: 'priority' } },
    });
  });

  test.each([
    ['no details', {}],
    ['null details', { prompt_tokens_details: null, completion_tokens_details: null }],
    ['null fields', { prompt_tokens_details: { cached_tokens: null } }],
  ])('%s leave everything uncached', (_, extra) => {
    const { tokens } = usageOf({
      prompt_tokens: 7,
      completion_tokens: 3,
      total_tokens: 10,
      ...extra,
    });
    expect(tokens).toMatchObject({ input_uncached: 7, cache_read: 0, output: 3 });
  });

  test('an unknown detail is noted and taken as part of the counts', () => {
    const usage = usageOf({
      prompt_tokens: 7,
      completion_tokens: 3,
      total_tokens: 10,
      prompt_tokens_details: { hologram_tokens: 2 },
    });
    expect(usage.tokens.input_uncached).toBe(7);
    expect(usage.notes).toEqual([expect.stringContaining('hologram_tokens = 2')]);
  });

  test('an unknown count beside the known ones is noted; what counts no tokens is not', () => {
    const counts = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
    const usage = usageOf({ ...counts, hologram_tokens: 2, queue_time: 0.4, tokens: { more: 1 } });
    expect(usage.notes).toEqual([
      'unknown field usage.hologram_tokens = 2, taken as part of the counts',
    ]);
    expect(usageOf({ ...counts, hologram_tokens: 0 }).notes).toEqual([]);
  });

  test.each([
    ['Mistral', { prompt_tokens_details: {}, prompt_token_details: { cached_tokens: 4 } }],
    ['older Mistral', { prompt_tokens_details: { cached_tokens: 0 }, num_cached_tokens: 4 }],
    ['Moonshot', { cached_tokens: 4 }],
    ['LiteLLM', { prompt_tokens_details: { cached_tokens: null }, cache_read_input_tokens: 4 }],
  ])('cached tokens in the spelling of %s', (_, spelling) => {
    const counts = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
    const { tokens, notes } = usageOf({ ...counts, ...spelling });
    expect(tokens).toMatchObject({ input_uncached: 3, cache_read: 4 });
    expect(notes).toEqual([]);
  });

  test('LiteLLM splits what was written by its time to live', () => {
    const { tokens, notes } = usageOf({
      prompt_tokens: 100,
      completion_tokens: 3,
      total_tokens: 103,
      cache_creation_input_tokens: 60,
      prompt_tokens_details: {
        cache_creation_tokens: 60,
        cache_creation_token_details: {
          ephemeral_5m_input_tokens: 20,
          ephemeral_1h_input_tokens: 40,
        },
      },
    });
    expect(tokens).toMatchObject({ input_uncached: 40, cache_write_5m: 20, cache_write_1h: 40 });
    expect(tokens.cache_write).toBe(0);
    expect(notes).toEqual([]);
  });

  test('only OpenAI’s own figure is unadjusted: other writes beyond the prompt are a contradiction', () => {
    const counts = { prompt_tokens: 31, completion_tokens: 467, total_tokens: 498 };
    expect(reasonOf({ ...counts, cache_creation_input_tokens: 1253 })).toMatch(/exceed/);
  });

  test('cache writes are unadjusted: clamped to the uncached prompt, never below zero', () => {
    const usage = usageOf({
      prompt_tokens: 100,
      completion_tokens: 1,
      total_tokens: 101,
      prompt_tokens_details: { cached_tokens: 80, cache_write_tokens: 30 },
    });
    expect(usage.tokens).toMatchObject({ input_uncached: 0, cache_read: 80, cache_write: 20 });
    expect(usage.notes[0]).toMatch(/clamped/);
  });

  test.each(['gpt-4o-search-preview', 'gpt-4o-mini-search-preview-2025-03-11', 'gpt-5-search-api'])(
    '%s searches the web for a fee that no usage states: noted',
    (model) => {
      const counts = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
      expect(usageOf(counts, 'openai', { model }).notes).toEqual([
        expect.stringMatching(/web search/),
      ]);
      expect(usageOf(counts, 'openai', { model: 'gpt-4o-mini' }).notes).toEqual([]);
    },
  );

  test('no usage is not zero usage', () => {
    expect(read(null)).toMatchObject({ status: 'no_usage' });
    expect(read(undefined)).toMatchObject({ status: 'no_usage' });
  });

  test.each([
    [
      'more cached than sent',
      { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 128 } },
    ],
    ['a negative count', { prompt_tokens: -1 }],
    ['a fraction', { prompt_tokens: 1.5 }],
    ['a text', { prompt_tokens: '100' }],
    ['beyond 2^53', { prompt_tokens: 2 ** 53 }],
    ['not a number', { prompt_tokens: Number.NaN }],
    ['no prompt', { prompt_tokens: undefined }],
    ['reasoning beyond output', { completion_tokens_details: { reasoning_tokens: 11 } }],
    ['audio beyond input', { prompt_tokens_details: { audio_tokens: 101 } }],
    ['a total that is too low', { total_tokens: 50 }],
    ['a total that is too high', { total_tokens: 1000 }],
  ])('%s is a contradiction', (_, extra) => {
    const base = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
    expect(reasonOf({ ...base, ...extra })).not.toBe('');
  });

  test.each(['usage', 12, [1], true])('usage that is no object (%j) is invalid', (usage) => {
    expect(read(usage)).toMatchObject({ status: 'invalid_usage' });
  });
});

describe('providers that speak the same API', () => {
  test('xAI counts reasoning outside the completion, as its own bill proves', () => {
    const usage = usageOf(
      {
        prompt_tokens: 12,
        completion_tokens: 1,
        total_tokens: 303,
        prompt_tokens_details: { cached_tokens: 11 },
        completion_tokens_details: { reasoning_tokens: 290 },
        cost_in_usd_ticks: 1466250,
      },
      'x-ai',
    );
    expect(usage.tokens).toMatchObject({ input_uncached: 1, cache_read: 11, output: 291 });
    expect(usage.reported).toEqual({ usd: '0.000146625', field: 'usage.cost_in_usd_ticks' });
  });

  test('Azure passes on how xAI counts; OpenAI never adds reasoning', () => {
    const usage = {
      prompt_tokens: 12,
      completion_tokens: 1,
      total_tokens: 303,
      completion_tokens_details: { reasoning_tokens: 290 },
    };
    expect(usageOf(usage, 'azure')).toMatchObject({
      tokens: { input_uncached: 12, output: 291 },
      details: { reasoning: 290 },
    });
    expect(reasonOf({ ...usage, total_tokens: 302 }, 'azure')).toMatch(/total_tokens is 302/);
    expect(reasonOf(usage, 'openai')).toMatch(/total_tokens is 303/);
  });

  test('xAI without a total keeps to its rule', () => {
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      completion_tokens_details: { reasoning_tokens: 3 },
    };
    expect(usageOf(usage, 'xai').tokens.output).toBe(8);
    expect(usageOf(usage, 'openai').tokens.output).toBe(5);
  });

  test('a total beyond prompt and completion is hidden thinking', () => {
    const usage = usageOf(
      { prompt_tokens: 10, completion_tokens: 20, total_tokens: 130 },
      'google',
    );
    expect(usage.tokens.output).toBe(120);
    expect(usage.details.reasoning).toBe(100);
  });

  test('DeepSeek splits the prompt into hit and miss, which must add up', () => {
    const counts = { prompt_tokens: 495, completion_tokens: 144, total_tokens: 639 };
    const usage = { ...counts, prompt_cache_hit_tokens: 320, prompt_cache_miss_tokens: 175 };
    expect(usageOf(usage, 'deepseek').tokens).toMatchObject({
      input_uncached: 175,
      cache_read: 320,
    });
    expect(reasonOf({ ...usage, prompt_cache_miss_tokens: 174 }, 'deepseek')).toMatch(/494/);
  });

  test.each([
    ['mistral', { num_cached_tokens: 128 }],
    ['mistral', { prompt_token_details: { cached_tokens: 128 } }],
    ['mistral', { prompt_tokens_details: { cached_tokens: 128 }, num_cached_tokens: 128 }],
    ['moonshotai', { cached_tokens: 128 }],
  ])('%s spells cached tokens %j', (provider, cached) => {
    const usage = { prompt_tokens: 171, completion_tokens: 14, total_tokens: 185, ...cached };
    expect(usageOf(usage, provider).tokens).toMatchObject({ input_uncached: 43, cache_read: 128 });
  });

  test('two spellings that disagree are a contradiction', () => {
    const usage = { prompt_tokens: 171, completion_tokens: 14, total_tokens: 185 };
    const cached = { cached_tokens: 10, prompt_tokens_details: { cached_tokens: 128 } };
    expect(reasonOf({ ...usage, ...cached }, 'moonshotai')).toMatch(/128 and 10/);
  });

  test('Groq states the same usage in x_groq', () => {
    const usage = { prompt_tokens: 17, completion_tokens: 7, total_tokens: 24 };
    const payload = { model: 'qwen/qwen3-32b', x_groq: { id: 'r', usage } };
    const reading = readUsage({ provider: 'groq', api: 'chat.completions', payload });
    expect(reading).toMatchObject({ status: 'ok', usage: { tokens: { output: 7 } } });
  });

  test('OpenRouter states its charge; with the user’s own key that is only a fee', () => {
    const counts = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };
    expect(usageOf({ ...counts, cost: 0.0117, is_byok: false }, 'openrouter').reported).toEqual({
      usd: '0.0117',
      field: 'usage.cost',
    });
    const own = { cost: 2.25e-6, is_byok: true, cost_details: { upstream_inference_cost: 4.5e-5 } };
    expect(usageOf({ ...counts, ...own }, 'openrouter').reported?.usd).toBe('0.00004725');
    const unknown = {
      cost: 2.25e-6,
      is_byok: true,
      cost_details: { upstream_inference_cost: null },
    };
    expect(usageOf({ ...counts, ...unknown }, 'openrouter').reported).toBeUndefined();
  });

  test('a cost field of another provider is no bill', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, cost: 5 };
    expect(usageOf(usage, 'self-hosted').reported).toBeUndefined();
  });

  test('Perplexity bills reasoning on top, citations, and a fee by context size', () => {
    const usage = usageOf(
      {
        prompt_tokens: 33,
        completion_tokens: 7163,
        total_tokens: 7196,
        citation_tokens: 20016,
        reasoning_tokens: 73997,
        num_search_queries: 18,
        search_context_size: 'low',
      },
      'perplexity',
    );
    expect(usage.tokens.output).toBe(7163 + 73997);
    expect(usage.units).toEqual({ requests: 1, search_queries: 18, citation_tokens: 20016 });
    expect(usage.modifiers.search_context_size).toBe('low');
  });
});

describe('laws', () => {
  const counts = fc
    .record({
      cached: fc.nat(100_000),
      written: fc.nat(100_000),
      rest: fc.nat(100_000),
      output: fc.nat(100_000),
    })
    .map(({ cached, written, rest, output }) => ({
      prompt_tokens: cached + written + rest,
      completion_tokens: output,
      total_tokens: cached + written + rest + output,
      prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    }));

  test('the buckets are disjoint: they add up to the provider’s total', () => {
    fc.assert(
      fc.property(counts, (usage) => {
        const { tokens } = usageOf(usage);
        expect(totalInput(tokens)).toBe(usage.prompt_tokens);
        expect(totalInput(tokens) + tokens.output).toBe(usage.total_tokens);
      }),
    );
  });
});
