import { describe } from 'vitest';
import { chatUsage, testPrices, type PriceCase } from './price-case.js';

const call = (
  name: string,
  provider: string,
  model: string,
  at: string,
  usage: object,
  usd: string | null,
  rest: Partial<PriceCase> = {},
): PriceCase => ({
  name,
  provider,
  model,
  api: 'chat.completions',
  at,
  answer: { usage },
  usd,
  ...rest,
});

describe('Mistral', () => {
  // 43 × 0.5 + 128 × 0.05 + 14 × 1.5
  const spelled = (name: string, rest: object) =>
    call(
      name,
      'mistral',
      'mistral-large-2512',
      '2026-03-01T00:00:00Z',
      { prompt_tokens: 171, completion_tokens: 14, total_tokens: 185, ...rest },
      '0.0000489',
      { counts: { cache_read: 128, input_uncached: 43 } },
    );
  const pages = (name: string, answer: object, usd: string, rest: Partial<PriceCase> = {}) =>
    call(name, 'mistral', 'mistral-ocr-2512', '2026-03-01T00:00:00Z', {}, usd, {
      api: 'ocr',
      answer,
      ...rest,
    });
  testPrices([
    spelled('cached tokens as of today', { prompt_tokens_details: { cached_tokens: 128 } }),
    spelled('cached tokens without the plural', { prompt_token_details: { cached_tokens: 128 } }),
    spelled('cached tokens at the top', { num_cached_tokens: 128 }),
    spelled('all three at once', {
      num_cached_tokens: 128,
      prompt_token_details: { cached_tokens: 128 },
      prompt_tokens_details: { cached_tokens: 128 },
    }),
    // 1000 × 1.5 + 100 × 7.5
    call(
      'an alias that pointed elsewhere from 2026-06-16 on',
      'mistral',
      'mistral-medium-latest',
      '2026-06-16T00:00:00Z',
      chatUsage(1000, 100),
      '0.00225',
    ),
    // 1000 × 2 + 100 × 6, then 1000 × 0.5 + 100 × 1.5; the snapshot it pointed to keeps its price
    ...(
      [
        ['mistral-large-latest', '2025-12-01T23:59:59Z', '0.0026'],
        ['mistral-large-latest', '2025-12-02T00:00:00Z', '0.00065'],
        ['mistral-large-2411', '2025-12-02T00:00:00Z', '0.0026'],
      ] as const
    ).map(([model, at, usd]) =>
      call(`${model} at ${at}`, 'mistral', model, at, chatUsage(1000, 100), usd),
    ),
    // 10 pages × 2 / 1000
    pages('OCR by the page', { usage_info: { pages_processed: 10 } }, '0.02'),
    // 10 × 3 / 1000
    pages(
      'annotated as a document',
      { document_annotation: '{}', usage_info: { pages_processed: 10 } },
      '0.03',
      { counts: { annotated_pages: 10 } },
    ),
    pages(
      'annotated image by image',
      {
        pages: [{ images: [{ image_annotation: '{}' }] }],
        usage_info: { pages_processed: 10 },
      },
      '0.03',
    ),
    pages(
      'a batch halves the price of pages',
      { response: { status_code: 200, body: { usage_info: { pages_processed: 10 } } } },
      '0.01',
      { api: 'batch.ocr' },
    ),
    // 203 seconds at 0.18 an hour; the tokens of the transcript are not billed
    call(
      'a transcription by the second',
      'mistral',
      'voxtral-mini-2602',
      '2026-03-01T00:00:00Z',
      { prompt_audio_seconds: 203, prompt_tokens: 4, completion_tokens: 635, total_tokens: 3264 },
      '0.01015',
      { api: 'audio.transcriptions', counts: { audio_seconds: 203, output: 0 } },
    ),
    call(
      'audio in a chat is not output',
      'mistral',
      'voxtral-small-2507',
      '2026-03-01T00:00:00Z',
      { prompt_audio_seconds: 203, prompt_tokens: 4, completion_tokens: 635, total_tokens: 3264 },
      '0.0001909',
      { status: 'partial', counts: { input_uncached: 4, output: 635, audio_seconds: 203 } },
    ),
  ]);
});

describe('DeepSeek', () => {
  const flash = (name: string, at: string, usd: string, model = 'deepseek-v4-flash') =>
    call(
      name,
      'deepseek',
      model,
      at,
      {
        prompt_tokens: 1000,
        completion_tokens: 100,
        total_tokens: 1100,
        prompt_cache_hit_tokens: 400,
        prompt_cache_miss_tokens: 600,
      },
      usd,
      { counts: { cache_read: 400, input_uncached: 600 } },
    );
  // before: 600 × 0.14 + 400 × 0.0028 + 100 × 0.28
  // off-peak: 600 × 0.22 + 400 × 0.007 + 100 × 0.66; peak: twice that
  testPrices([
    flash('before peak and off-peak prices', '2026-08-16T15:59:59Z', '0.00011312'),
    flash('from the hour on that they came in', '2026-08-16T16:00:00Z', '0.0002008'),
    flash('a Thursday morning in Beijing is peak', '2026-09-03T01:00:00Z', '0.0004016'),
    flash('noon is not', '2026-09-03T05:00:00Z', '0.0002008'),
    flash('the afternoon is', '2026-09-03T09:59:59.999Z', '0.0004016'),
    flash('the evening is not', '2026-09-03T10:00:00Z', '0.0002008'),
    flash('a Saturday was peak until 2026-08-23', '2026-08-22T02:00:00Z', '0.0004016'),
    flash('Sundays are off-peak since', '2026-08-23T02:00:00Z', '0.0002008'),
    flash('and Saturdays', '2026-08-29T07:00:00Z', '0.0002008'),
    flash('Monday is peak again', '2026-08-31T02:00:00Z', '0.0004016'),
    // 600 × 0.135 + 400 × 0.035 + 100 × 0.55
    flash('nights were cheap in 2025', '2025-06-02T20:00:00Z', '0.00015', 'deepseek-chat'),
    // 600 × 0.56 + 400 × 0.07 + 100 × 1.68
    flash('one price at all hours', '2025-09-05T20:00:00Z', '0.000532', 'deepseek-chat'),
    // 600 × 0.28 + 400 × 0.028 + 100 × 0.42
    flash('and half of it with V3.2', '2025-10-01T20:00:00Z', '0.0002212', 'deepseek-reasoner'),
    call(
      'hits and misses that are not the prompt',
      'deepseek',
      'deepseek-v4-flash',
      '2026-09-03T12:00:00Z',
      { ...chatUsage(1000, 100), prompt_cache_hit_tokens: 1, prompt_cache_miss_tokens: 1 },
      null,
      { status: 'invalid_usage' },
    ),
  ]);
});

describe('xAI', () => {
  const at = '2026-01-10T00:00:00Z';
  testPrices([
    // 200000 × 2.5 of which 50000 × 0.4 …: 150000 × 2.5 + 50000 × 0.4 + 300 × 5
    call(
      'the bound itself is long context, reasoning is on top',
      'xai',
      'grok-4.3',
      '2026-08-01T00:00:00Z',
      {
        prompt_tokens: 200_000,
        completion_tokens: 100,
        total_tokens: 200_300,
        prompt_tokens_details: { text_tokens: 200_000, cached_tokens: 50_000 },
        completion_tokens_details: { reasoning_tokens: 200 },
      },
      '0.3965',
      { counts: { output: 300, reasoning: 200, cache_read: 50_000 } },
    ),
    // 127999 × 0.2 + 100 × 0.5; 128000 × 0.4 + 100 × 1
    call(
      'Grok 4 Fast below its bound',
      'xai',
      'grok-4-fast',
      at,
      chatUsage(127_999, 100),
      '0.0256498',
    ),
    call('and at it', 'xai', 'grok-4-fast', at, chatUsage(128_000, 100), '0.0513'),
    call(
      'ticks are the bill, whatever our rates say',
      'xai',
      'grok-77',
      at,
      { ...chatUsage(1000, 100), cost_in_usd_ticks: 12_345 },
      '0.0000012345',
    ),
    // 100 × 3 + 10 × 15, and 4 sources × 25 / 1000
    call(
      'sources of live search',
      'xai',
      'grok-4',
      at,
      { ...chatUsage(100, 10), num_sources_used: 4 },
      '0.10045',
      { counts: { search_sources: 4 } },
    ),
    // 1000 × 0.2 + 500 × 0.5 (reasoning inside), 2 web + 1 X search × 5 / 1000
    call(
      'responses: reasoning inside, tools inside usage',
      'xai',
      'grok-4-fast-reasoning',
      at,
      {
        input_tokens: 1000,
        output_tokens: 500,
        output_tokens_details: { reasoning_tokens: 400 },
        total_tokens: 1500,
        server_side_tool_usage_details: { web_search_calls: 2, x_search_calls: 1 },
      },
      '0.01545',
      { api: 'responses', counts: { web_searches: 2, social_searches: 1, reasoning: 400 } },
    ),
  ]);
});

describe('Groq', () => {
  const heard = (name: string, model: string, audio_seconds: number, usd: string) =>
    call(name, 'groq', model, '2026-05-01T00:00:00Z', {}, usd, {
      api: 'audio.transcriptions',
      answer: { text: 'x', x_groq: { id: 'r' } },
      context: { audio_seconds },
    });
  testPrices([
    // 37 × 0.111 / 3600; 10 × 0.04 / 3600
    heard('Whisper by the second', 'whisper-large-v3', 37, '0.001140833333'),
    heard('ten seconds at least', 'whisper-large-v3-turbo', 0.5, '0.000111111111'),
    heard('exactly ten', 'distil-whisper-large-v3-en', 10, '0.000055555556'),
    // the length that a verbose answer states: 72 × 0.111 / 3600
    call(
      'the length in the answer',
      'groq',
      'whisper-large-v3',
      '2026-05-01T00:00:00Z',
      {},
      '0.00222',
      {
        api: 'audio.translations',
        answer: { text: 'x', duration: 72 },
      },
    ),
    call('no length anywhere', 'groq', 'whisper-large-v3', '2026-05-01T00:00:00Z', {}, null, {
      api: 'audio.transcriptions',
      answer: { text: 'x' },
      status: 'no_usage',
    }),
  ]);
});

describe('OpenRouter', () => {
  const at = '2026-05-01T00:00:00Z';
  testPrices([
    call(
      'its own figure is the bill',
      'openrouter',
      'anthropic/claude-sonnet-4.5',
      at,
      { ...chatUsage(100, 50), cost: 0.011_700_000_1, is_byok: false },
      '0.0117000001',
    ),
    call(
      'free is a price',
      'openrouter',
      'nobody/nothing:free',
      at,
      { ...chatUsage(100, 50), cost: 0 },
      '0',
    ),
    call(
      'an own key: the fee and the provider’s bill',
      'openrouter',
      'openai/gpt-4o-mini',
      at,
      {
        ...chatUsage(100, 50),
        cost: 0,
        is_byok: true,
        cost_details: { upstream_inference_cost: 0.000045 },
      },
      '0.000045',
    ),
    // without the provider's bill: 100 × 0.15 + 50 × 0.6
    call(
      'an own key without the provider’s bill is priced by rates',
      'openrouter',
      'openai/gpt-4o-mini',
      at,
      {
        ...chatUsage(100, 50),
        cost: 0,
        is_byok: true,
        cost_details: { upstream_inference_cost: null },
      },
      '0.000045',
    ),
    call(
      'an unknown model without a figure',
      'openrouter',
      'nobody/nothing',
      at,
      chatUsage(100, 50),
      null,
      { status: 'unknown_model' },
    ),
  ]);
});

describe('Cohere', () => {
  const at = '2026-01-01T00:00:00Z';
  const cohere = (
    name: string,
    model: string,
    api: string,
    answer: object,
    usd: string | null,
    rest = {},
  ) => call(name, 'cohere', model, at, {}, usd, { api, answer, ...rest });
  testPrices([
    // 39 × 2.5 + 27 × 10
    cohere(
      'chat of the first version',
      'command-r-plus-08-2024',
      'chat.v1',
      {
        meta: {
          billed_units: { input_tokens: 39, output_tokens: 27 },
          tokens: { input_tokens: 1683 },
        },
      },
      '0.0003675',
    ),
    // 100 × 0.12 + 1000 × 0.47
    cohere(
      'embedded images come on top of text',
      'embed-v4.0',
      'embed.v2',
      { meta: { billed_units: { input_tokens: 100, image_tokens: 1000, images: 2 } } },
      '0.000482',
      { counts: { input_uncached: 1100, input_image: 1000 } },
    ),
    // 10 × 0.1
    cohere(
      'an older embedding model',
      'embed-multilingual-v3.0',
      'embed.v1',
      { meta: { billed_units: { input_tokens: 10 } } },
      '0.000001',
    ),
    // 3 × 2 / 1000
    cohere(
      'rerank by search units',
      'rerank-v3.5',
      'rerank.v1',
      { meta: { billed_units: { search_units: 3 } } },
      '0.006',
    ),
    cohere(
      'tokens without billed units say nothing about the bill',
      'command-a-03-2025',
      'chat.v2',
      { usage: { tokens: { input_tokens: 1683, output_tokens: 62 } } },
      null,
      { status: 'invalid_usage' },
    ),
  ]);
});

describe('Perplexity', () => {
  const at = '2026-01-01T00:00:00Z';
  const sonar = (name: string, model: string, usage: object, usd: string, rest = {}) =>
    call(name, 'perplexity', model, at, usage, usd, rest);
  testPrices([
    // 10 × 3 + 100 × 15 + fee
    sonar('a low context unless it says otherwise', 'sonar-pro', chatUsage(10, 100), '0.00753'),
    sonar(
      'a medium one',
      'sonar-pro',
      { ...chatUsage(10, 100), search_context_size: 'medium' },
      '0.01153',
    ),
    sonar(
      'a high one',
      'sonar-pro',
      { ...chatUsage(10, 100), search_context_size: 'high' },
      '0.01553',
    ),
    // citations and searches are billed for deep research alone
    sonar(
      'citations are not billed',
      'sonar-pro',
      { ...chatUsage(10, 100), citation_tokens: 500, num_search_queries: 2 },
      '0.00753',
    ),
    // 33 × 2 + 7163 × 8 + 95305 × 3 + 20016 × 2 + 18 × 5 / 1000
    sonar(
      'deep research bills reasoning, citations and searches apart',
      'sonar-deep-research',
      {
        prompt_tokens: 33,
        completion_tokens: 7163,
        total_tokens: 7196,
        citation_tokens: 20_016,
        num_search_queries: 18,
        reasoning_tokens: 95_305,
      },
      '0.473317',
      {
        counts: { output: 102_468, reasoning: 95_305, search_queries: 18, citation_tokens: 20_016 },
      },
    ),
  ]);
});

describe('Moonshot, Voyage, self-hosted and names', () => {
  testPrices([
    // 10 × 0.95 + 10 × 0.16 + 30 × 4
    call(
      'Moonshot states cached tokens in both places',
      'moonshot',
      'kimi-k2.6',
      '2026-08-01T00:00:00Z',
      { ...chatUsage(20, 30, { cached_tokens: 10 }), cached_tokens: 10 },
      '0.0001311',
    ),
    // 12 × 0.18
    call(
      'Voyage',
      'voyage',
      'voyage-3-large',
      '2026-01-01T00:00:00Z',
      { total_tokens: 12 },
      '0.00000216',
      {
        api: 'embeddings',
      },
    ),
    call(
      'a model of one’s own without a price',
      'self-hosted',
      'qwen3-32b',
      '2026-01-01T00:00:00Z',
      chatUsage(20, 30),
      null,
      { status: 'unknown_model' },
    ),
    // 1000 × 0.4 + 250 × 1.6, by a path, in capitals, dated
    call(
      'a prefixed, dated name in capitals',
      'openai',
      'OpenAI/GPT-4.1-mini-2025-04-14',
      '2025-09-01T00:00:00Z',
      chatUsage(1000, 250),
      '0.0008',
    ),
    // 10 × 0.3 + 10 × 2.5
    call(
      'a Gemini model by its resource name',
      'google',
      'models/gemini-2.5-flash',
      '2026-02-01T00:00:00Z',
      { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 20 },
      '0.000028',
      { api: 'a-name-nobody-knows' },
    ),
  ]);
});
