import { describe, expect, test } from 'vitest';
import { readLineItem } from './openai-line-item.js';
import { readAnthropicCosts, readAnthropicUsage } from './read-anthropic-report.js';
import { readOpenAICosts, readOpenAIUsage } from './read-openai-report.js';

const openaiBucket = (results: unknown[]) => ({
  object: 'page',
  data: [{ object: 'bucket', start_time: 1730419200, end_time: 1730505600, results }],
  has_more: false,
  next_page: null,
});

const completions = {
  object: 'organization.usage.completions.result',
  input_tokens: 5000,
  input_uncached_tokens: 3000,
  input_cached_tokens: 1500,
  input_cache_write_tokens: 500,
  input_text_tokens: 2900,
  input_audio_tokens: 100,
  output_tokens: 1000,
  num_model_requests: 5,
  project_id: 'proj_abc',
  user_id: null,
  api_key_id: 'key_1',
  model: 'gpt-5.6-sol',
  batch: false,
  service_tier: 'flex',
};

describe("OpenAI's usage report", () => {
  test('has input that includes cached tokens and cache writes; each stands in one bucket here', () => {
    expect(readOpenAIUsage(openaiBucket([completions]))).toEqual({
      rows: [
        {
          at: '2024-11-01T00:00:00.000Z',
          model: 'gpt-5.6-sol',
          tier: 'flex',
          long: null,
          geo: null,
          project: 'proj_abc',
          api_key: 'key_1',
          requests: 5,
          tokens: { input_uncached: 3000, cache_read: 1500, cache_write: 500, output: 1000 },
          units: {},
        },
      ],
      until: '2024-11-02T00:00:00.000Z',
    });
  });

  test('of an older version states no uncached part: it is the rest', () => {
    const { input_uncached_tokens: _, input_cache_write_tokens: __, ...older } = completions;
    const [row] = readOpenAIUsage(openaiBucket([older])).rows;
    expect(row!.tokens).toMatchObject({ input_uncached: 3500, cache_read: 1500, cache_write: 0 });
  });

  test('marks batches apart from tiers', () => {
    const [row] = readOpenAIUsage(openaiBucket([{ ...completions, batch: true }])).rows;
    expect(row!.tier).toBe('batch');
  });

  test.each([
    ['organization.usage.images.result', { images: 4 }, { images: 4 }],
    ['organization.usage.audio_speeches.result', { characters: 45 }, { input_characters: 45 }],
    ['organization.usage.audio_transcriptions.result', { seconds: 20 }, { audio_seconds: 20 }],
    [
      'organization.usage.code_interpreter_sessions.result',
      { num_sessions: 2 },
      { code_interpreter_sessions: 2 },
    ],
  ])('%s counts units', (object, fields, units) => {
    const [row] = readOpenAIUsage(openaiBucket([{ object, ...fields }])).rows;
    expect(row).toMatchObject({ units, tokens: {} });
  });

  test.each([
    ['half a report', { ...openaiBucket([]), has_more: true, next_page: 'page_2' }, /has_more/],
    ['a page without data', { object: 'page' }, /usage\.data: is not a list/],
    [
      'numbers that are none',
      openaiBucket([{ ...completions, output_tokens: '12' }]),
      /output_tokens: "12" is not a count/,
    ],
    [
      'parts that are not the whole',
      openaiBucket([{ ...completions, input_tokens: 4999 }]),
      /4999 is not uncached 3000 \+ cached 1500 \+ cache writes 500/,
    ],
  ])('refuses %s', (_name, page, message) => {
    expect(() => readOpenAIUsage(page)).toThrow(message);
  });
});

describe("OpenAI's cost report", () => {
  const line = (changes: object) =>
    openaiBucket([
      {
        object: 'organization.costs.result',
        amount: { value: 0.06, currency: 'usd' },
        line_item: 'gpt-5.6-sol, input',
        project_id: null,
        api_key_id: null,
        quantity: 10_000,
        quantity_unit: 'tokens',
        ...changes,
      },
    ]);
  const isModel = (name: string) => name.startsWith('gpt-') || name.startsWith('text-');
  const read = (changes: object) => readOpenAICosts(line(changes), isModel).rows[0]!;

  test('states dollars as a float, which is read as it was written', () => {
    expect(read({})).toMatchObject({ usd: '0.06', decimals: 2, quantity: 10_000 });
    expect(read({ amount: { value: 1.5e-7, currency: 'usd' } })).toMatchObject({
      usd: '0.00000015',
      decimals: 8,
    });
    // 0.1 + 0.2, as an encoder writes it: finer than a picodollar is rounded.
    expect(read({ amount: { value: 0.30000000000000004, currency: 'usd' } }).usd).toBe('0.3');
  });

  test('may count thousands', () => {
    expect(read({ quantity: 12, quantity_unit: '1000_tokens' }).quantity).toBe(12_000);
  });

  test('has credits as negative lines', () => {
    expect(read({ amount: { value: -5, currency: 'usd' } })).toMatchObject({
      usd: '-5',
      category: 'credit',
    });
  });

  test('in another currency is refused', () => {
    expect(() => read({ amount: { value: 1, currency: 'eur' } })).toThrow(/EUR is not USD/);
  });

  test.each([
    ['gpt-5-2025-08-07, cached input', 'gpt-5-2025-08-07', null, 'cache_read', 'tokens'],
    ['gpt-5, flex, output', 'gpt-5', 'flex', 'output', 'tokens'],
    ['gpt-4o-mini batch, input', 'gpt-4o-mini', 'batch', 'input_uncached', 'tokens'],
    ['gpt-5.6-sol, cache write', 'gpt-5.6-sol', null, 'cache_write', 'tokens'],
    ['text-embedding-3-small', 'text-embedding-3-small', null, null, 'tokens'],
    ['house-model, input', 'house-model', null, 'input_uncached', 'tokens'],
    ['input_tokens', null, null, 'input_uncached', 'tokens'],
    ['gpt-4o, web search', 'gpt-4o', null, 'web_searches', 'unit'],
    ['code interpreter sessions', null, null, 'code_interpreter_sessions', 'unit'],
    ['vector store storage', null, null, null, 'other'],
    ['gpt-4o-mini-2024-07-18, training', 'gpt-4o-mini-2024-07-18', null, null, 'other'],
    [null, null, null, null, 'tokens'],
  ])('line "%s"', (text, model, tier, kind, category) => {
    expect(readLineItem(text, isModel)).toEqual({
      model,
      tier,
      long: null,
      geo: null,
      kind,
      category,
    });
  });
});

const anthropicBucket = (results: unknown[]) => ({
  data: [{ starting_at: '2025-08-01T00:00:00Z', ending_at: '2025-08-02T00:00:00Z', results }],
  has_more: false,
  next_page: null,
});

test("Anthropic's usage report has disjoint counts and both cache lifetimes", () => {
  const result = {
    uncached_input_tokens: 1500,
    cache_creation: { ephemeral_1h_input_tokens: 1000, ephemeral_5m_input_tokens: 500 },
    cache_read_input_tokens: 200,
    output_tokens: 500,
    server_tool_use: { web_search_requests: 10 },
    api_key_id: 'apikey_1',
    workspace_id: 'wrkspc_1',
    model: 'claude-sonnet-4-20250514',
    service_tier: 'standard',
    context_window: '200k-1M',
    inference_geo: 'us',
  };
  expect(readAnthropicUsage(anthropicBucket([result])).rows).toEqual([
    {
      at: '2025-08-01T00:00:00.000Z',
      model: 'claude-sonnet-4-20250514',
      tier: 'default',
      long: true,
      geo: 'us',
      project: 'wrkspc_1',
      api_key: 'apikey_1',
      requests: null,
      tokens: {
        input_uncached: 1500,
        cache_read: 200,
        cache_write_5m: 500,
        cache_write_1h: 1000,
        output: 500,
      },
      units: { web_searches: 10 },
    },
  ]);
});

describe("Anthropic's cost report", () => {
  const read = (changes: object) =>
    readAnthropicCosts(
      anthropicBucket([
        {
          currency: 'USD',
          amount: '123.78912',
          description: 'Claude Sonnet 4 Usage - Input Tokens',
          cost_type: 'tokens',
          token_type: 'uncached_input_tokens',
          model: 'claude-sonnet-4-20250514',
          service_tier: 'standard',
          context_window: '0-200k',
          workspace_id: null,
          ...changes,
        },
      ]),
    ).rows[0]!;

  test('states cents, not dollars', () => {
    expect(read({})).toMatchObject({ usd: '1.2378912', decimals: 7, kind: 'input_uncached' });
    expect(read({ amount: '7' })).toMatchObject({ usd: '0.07', decimals: 2 });
    expect(read({ amount: '-0.5' })).toMatchObject({ usd: '-0.005', category: 'credit' });
  });

  test.each([
    ['cache_creation.ephemeral_1h_input_tokens', 'tokens', 'cache_write_1h', 'tokens'],
    ['cache_read_input_tokens', 'tokens', 'cache_read', 'tokens'],
    [null, 'web_search', 'web_searches', 'unit'],
    [null, 'session_usage', null, 'other'],
    [null, null, null, 'tokens'],
  ])('token type %s of %s', (token_type, cost_type, kind, category) => {
    expect(read({ token_type, cost_type })).toMatchObject({ kind, category });
  });

  test('names the place of what it cannot read', () => {
    expect(() => read({ amount: 'a lot' })).toThrow(
      /costs\.data\[0\]\.results\[0\]\.amount: "a lot" is not an amount/,
    );
  });
});
