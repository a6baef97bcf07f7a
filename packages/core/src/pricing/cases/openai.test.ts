import { describe } from 'vitest';
import { chatUsage, testPrices, type PriceCase } from './price-case.js';

const chat = (
  name: string,
  model: string,
  at: string,
  answer: object,
  usd: string | null,
  rest: Partial<PriceCase> = {},
): PriceCase => ({
  name,
  provider: 'openai',
  model,
  api: 'chat.completions',
  at,
  answer,
  usd,
  ...rest,
});

const responses = (
  name: string,
  model: string,
  at: string,
  answer: object,
  usd: string | null,
  rest: Partial<PriceCase> = {},
): PriceCase => chat(name, model, at, answer, usd, { api: 'responses', ...rest });

describe('OpenAI chat completions', () => {
  testPrices([
    // 86 × 2.5 + 1920 × 1.25 + 300 × 10
    chat(
      'cached input at half the rate',
      'gpt-4o-2024-08-06',
      '2025-03-01T00:00:00Z',
      { usage: chatUsage(2006, 300, { cached_tokens: 1920 }) },
      '0.005615',
    ),
    // 476 × 10 + 1024 × 2.5 + 4200 × 40
    chat(
      'o3 in its last millisecond before the cut of 2025-06-10',
      'o3-2025-04-16',
      '2025-06-09T23:59:59.999Z',
      { usage: chatUsage(1500, 4200, { cached_tokens: 1024 }, { reasoning_tokens: 3900 }) },
      '0.17532',
      { counts: { reasoning: 3900 } },
    ),
    // text 100 × 2.5, audio 900 × 40; text 50 × 10, audio 250 × 80
    chat(
      'audio in and out, each at its own rate',
      'gpt-4o-audio-preview-2024-12-17',
      '2025-03-01T00:00:00Z',
      {
        usage: chatUsage(
          1000,
          300,
          { audio_tokens: 900, text_tokens: 100, cached_tokens: 0 },
          { audio_tokens: 250, text_tokens: 50 },
        ),
      },
      '0.05675',
      { counts: { input_audio: 900, output_audio: 250 } },
    ),
    // 900 × 100 + 100 × 2.5 + 250 × 200 + 50 × 10
    chat(
      'the first audio snapshot was dearer',
      'gpt-4o-audio-preview-2024-10-01',
      '2024-11-01T00:00:00Z',
      { usage: chatUsage(1000, 300, { audio_tokens: 900 }, { audio_tokens: 250 }) },
      '0.14075',
    ),
    // 2006 × 4.25 … : 86 × 4.25 + 1920 × 2.125 + 300 × 17
    chat(
      'priority as served',
      'gpt-4o-2024-11-20',
      '2026-01-01T00:00:00Z',
      { service_tier: 'priority', usage: chatUsage(2006, 300, { cached_tokens: 1920 }) },
      '0.0095455',
    ),
    // 1000 × 4 + 500 × 20
    chat(
      'fast is the new name of priority',
      'gpt-6-sol',
      '2026-10-01T00:00:00Z',
      { service_tier: 'fast', usage: chatUsage(1000, 500) },
      '0.014',
    ),
    chat(
      'scale is paid by capacity',
      'gpt-4o-2024-08-06',
      '2026-01-01T00:00:00Z',
      { service_tier: 'scale', usage: chatUsage(1000, 500) },
      null,
      { status: 'contract_required' },
    ),
    chat(
      'a tier that nobody has published a price for',
      'gpt-6-astra',
      '2026-10-10T00:00:00Z',
      { service_tier: 'ultrafast', usage: chatUsage(1000, 500) },
      null,
      { status: 'unknown_model' },
    ),
    // 272000 × 2.5 + 1000 × 15
    chat(
      'at the long-context bound',
      'gpt-5.4-2026-03-05',
      '2026-08-01T00:00:00Z',
      { usage: chatUsage(272_000, 1000, { cached_tokens: 0 }) },
      '0.695',
    ),
    // 172001 × 5 + 100000 × 0.5 + 1000 × 22.5
    chat(
      'one above it: everything at the higher rates',
      'gpt-5.4-2026-03-05',
      '2026-08-01T00:00:00Z',
      { usage: chatUsage(272_001, 1000, { cached_tokens: 100_000 }) },
      '0.932505',
    ),
    // flex: 172001 × 2.5 + 100000 × 0.25 + 1000 × 11.25
    chat(
      'flex × long context × cache',
      'gpt-5.4',
      '2026-08-01T00:00:00Z',
      { service_tier: 'flex', usage: chatUsage(272_001, 1000, { cached_tokens: 100_000 }) },
      '0.4662525',
    ),
    // flex below the bound, where cached input is published as 0.13: 1000 × 1.25 + 1000 × 0.13 + 100 × 7.5
    chat(
      'a published flex rate that is no exact half',
      'gpt-5.4',
      '2026-08-01T00:00:00Z',
      { service_tier: 'flex', usage: chatUsage(2000, 100, { cached_tokens: 1000 }) },
      '0.00213',
    ),
    // 6000 × 1 + 4000 × 0.1 + 1000 × 6
    chat(
      'luna before the cut of 2026-07-30',
      'gpt-5.6-luna',
      '2026-07-29T23:59:59.999Z',
      { usage: chatUsage(10_000, 1000, { cached_tokens: 4000 }) },
      '0.0124',
    ),
    // 6000 × 2.5 + 4000 × 0.25 + 1000 × 15; after: 6000 × 2 + 4000 × 0.2 + 1000 × 12
    chat(
      'terra before its cut',
      'gpt-5.6-terra',
      '2026-07-29T23:59:59Z',
      { usage: chatUsage(10_000, 1000, { cached_tokens: 4000 }) },
      '0.031',
    ),
    chat(
      'terra after its cut',
      'gpt-5.6-terra',
      '2026-07-30T00:00:00Z',
      { usage: chatUsage(10_000, 1000, { cached_tokens: 4000 }) },
      '0.0248',
    ),
    // 281 × 5 + 3207 × 0.5 + 512 × 6.25 + 500 × 30
    chat(
      'sol before its cut, reading and writing the cache at once',
      'gpt-5.6-sol',
      '2026-08-20T23:59:59.999Z',
      { usage: chatUsage(4000, 500, { cached_tokens: 3207, cache_write_tokens: 512 }) },
      '0.0212085',
      { counts: { cache_write: 512, cache_read: 3207, input_uncached: 281 } },
    ),
    // clamped: 1000 × 0.4 + 1000 × 5 + 100 × 20
    chat(
      'cache writes are unadjusted: never more than the prompt holds',
      'gpt-5.6-sol',
      '2026-09-01T00:00:00Z',
      { usage: chatUsage(2000, 100, { cached_tokens: 1000, cache_write_tokens: 1500 }) },
      '0.0074',
      { counts: { cache_write: 1000, input_uncached: 0 } },
    ),
    // 1000 × 2.2 + 500 × 11
    chat(
      'a regional host costs ten percent more from GPT-5.4 on',
      'gpt-6-sol',
      '2026-10-01T00:00:00Z',
      { usage: chatUsage(1000, 500) },
      '0.0077',
      { context: { endpoint: 'https://eu.api.openai.com/v1' } },
    ),
    // 272001 × 10 × 1.1 … × 0.5: 272001 × 5.5 + 1000 × 24.75
    chat(
      'region × batch × long context',
      'gpt-5.5-2026-04-23',
      '2026-09-01T00:00:00Z',
      {
        custom_id: 'a',
        response: { status_code: 200, body: { usage: chatUsage(272_001, 1000) } },
        error: null,
      },
      '1.5207555',
      { api: 'batch.chat.completions', context: { endpoint: 'us.api.openai.com' } },
    ),
    // 1000 × 2.5 + 500 × 10
    chat(
      'a regional host costs the same for older models',
      'gpt-4o-2024-08-06',
      '2026-10-01T00:00:00Z',
      { usage: chatUsage(1000, 500) },
      '0.0075',
      { context: { endpoint: 'eu.api.openai.com' } },
    ),
    chat(
      'a batch item that failed',
      'gpt-5-2025-08-07',
      '2026-01-01T00:00:00Z',
      { custom_id: 'a', response: { status_code: 500, body: { error: {} } }, error: null },
      '0',
      { api: 'batch.chat.completions', status: 'not_billed' },
    ),
    chat(
      'a batch item that expired',
      'gpt-5-2025-08-07',
      '2026-01-01T00:00:00Z',
      { custom_id: 'a', response: null, error: { code: 'batch_expired' } },
      '0',
      { api: 'batch.chat.completions', status: 'not_billed' },
    ),
    // 3000 × 3 + 400 × 12
    chat(
      'fine-tuned models have prices of their own',
      'ft:gpt-4.1-2025-04-14:acme::9xYz',
      '2025-06-01T00:00:00Z',
      { usage: chatUsage(3000, 400) },
      '0.0138',
    ),
    // 1000 × 12 + 100 × 12
    chat(
      'fine-tuned completion models too',
      'ft:davinci-002:acme::9xYz',
      '2025-06-01T00:00:00Z',
      { usage: chatUsage(1000, 100) },
      '0.0132',
    ),
    chat(
      'a fine-tuned model of an unpriced kind is not its base model',
      'ft:gpt-5-2025-08-07:acme::9xYz',
      '2026-06-01T00:00:00Z',
      { usage: chatUsage(1000, 100) },
      null,
      { status: 'unknown_model' },
    ),
    chat(
      'an unseen version is not its predecessor',
      'gpt-5.7',
      '2026-06-01T00:00:00Z',
      { usage: chatUsage(1000, 100) },
      null,
      { status: 'unknown_model' },
    ),
    chat(
      'nothing used: a known zero',
      'gpt-4o-2024-08-06',
      '2026-01-01T00:00:00Z',
      { usage: chatUsage(0, 0) },
      '0',
    ),
    // null details mean none: 100 × 2.5 + 10 × 10
    chat(
      'null details, and no total',
      'gpt-4o-2024-08-06',
      '2026-01-01T00:00:00Z',
      {
        usage: {
          prompt_tokens: 100,
          completion_tokens: 10,
          prompt_tokens_details: null,
          completion_tokens_details: { reasoning_tokens: null, audio_tokens: null },
        },
      },
      '0.00035',
    ),
  ]);

  testPrices(
    (
      [
        ['a string for a number', { prompt_tokens: '100', completion_tokens: 10 }],
        ['a negative count', { prompt_tokens: 100, completion_tokens: -10 }],
        ['half a token', { prompt_tokens: 100.5, completion_tokens: 10 }],
        [
          'a total that does not add up',
          { prompt_tokens: 100, completion_tokens: 10, total_tokens: 500 },
        ],
        ['more cached than sent', chatUsage(100, 10, { cached_tokens: 101 })],
        ['more audio than sent', chatUsage(100, 10, { audio_tokens: 101 })],
        ['more reasoning than output', chatUsage(100, 10, {}, { reasoning_tokens: 11 })],
        ['an empty usage object', {}],
        ['a list', []],
      ] as const
    ).map(([name, usage]) =>
      chat(
        `${name} is never billed`,
        'gpt-4o-2024-08-06',
        '2026-01-01T00:00:00Z',
        { usage },
        null,
        {
          status: 'invalid_usage',
        },
      ),
    ),
  );
});

describe('OpenAI responses', () => {
  const usage = (input: number, output: number, cached = 0) => ({
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  });
  testPrices([
    // 500 × 1.25 + 500 × 0.125 + 100 × 10
    responses(
      'a stream that ran into its limit is billed',
      'gpt-5-2025-08-07',
      '2025-12-01T00:00:00Z',
      {
        events: [
          { type: 'response.created', response: { status: 'in_progress', usage: null } },
          {
            type: 'response.incomplete',
            response: { status: 'incomplete', usage: usage(1000, 100, 500) },
          },
        ],
      },
      '0.0016875',
      { api: 'responses.stream' },
    ),
    responses(
      'a stream that broke off states nothing',
      'gpt-5-2025-08-07',
      '2025-12-01T00:00:00Z',
      { events: [{ type: 'response.created', response: { status: 'in_progress', usage: null } }] },
      null,
      { api: 'responses.stream', status: 'no_usage' },
    ),
    // 1000 × 1.25 + 100 × 10, two containers × 0.03, one file search × 2.5 / 1000, one web search × 10 / 1000
    responses(
      'tools by their output items; opening a found page is no search',
      'gpt-5-2025-08-07',
      '2025-12-01T00:00:00Z',
      {
        output: [
          { type: 'code_interpreter_call', container_id: 'a' },
          { type: 'code_interpreter_call', container_id: 'a' },
          { type: 'code_interpreter_call', container_id: 'b' },
          { type: 'file_search_call' },
          { type: 'web_search_call', action: { type: 'search' } },
          { type: 'web_search_call', action: { type: 'open_page' } },
        ],
        usage: usage(1000, 100),
      },
      '0.07475',
      { counts: { code_interpreter_sessions: 2, file_searches: 1, web_searches: 1 } },
    ),
    // 1000 × 2 + 100 × 8 + 25 / 1000
    responses(
      'the first search tool costs more with models that do not reason',
      'gpt-4.1-2025-04-14',
      '2025-12-01T00:00:00Z',
      {
        tools: [{ type: 'web_search_preview_2025_03_11' }],
        output: [{ type: 'web_search_call', action: { type: 'search' } }],
        usage: usage(1000, 100),
      },
      '0.0278',
    ),
    // 1000 × 1.25 + 100 × 10 + 10 / 1000
    responses(
      'and the same with those that do',
      'gpt-5-2025-08-07',
      '2025-12-01T00:00:00Z',
      {
        tools: [{ type: 'web_search_preview' }],
        output: [{ type: 'web_search_call', action: { type: 'search' } }],
        usage: usage(1000, 100),
      },
      '0.01225',
    ),
    // batch halves tokens, not searches: (1000 × 1.25 + 100 × 10) / 2 + 10 / 1000
    responses(
      'a batch halves tokens and no fee',
      'gpt-5-2025-08-07',
      '2025-12-01T00:00:00Z',
      {
        custom_id: 'a',
        response: {
          status_code: 200,
          body: {
            output: [{ type: 'web_search_call', action: { type: 'search' } }],
            usage: usage(1000, 100),
          },
        },
      },
      '0.011125',
      { api: 'batch.responses' },
    ),
    // 3500 − 3207 cached writes: 293 × 4 + 3207 × 5 + 200 × 20
    responses(
      'cache writes after the cut of sol',
      'gpt-5.6-sol',
      '2026-08-21T00:00:00Z',
      {
        usage: {
          ...usage(3500, 200),
          input_tokens_details: { cached_tokens: 0, cache_write_tokens: 3207 },
        },
      },
      '0.021207',
    ),
    // 272001 × 2 + 100 × 7.5
    responses(
      'GPT-6.1 above its long-context bound',
      'gpt-6.1-terra',
      '2026-11-01T00:00:00Z',
      { usage: usage(272_001, 100) },
      '0.544752',
    ),
    // 3 items of 100000 each: 300000 × 2.5 / 2 + 3000 × 15 / 2, never the rates above 272,000
    responses(
      'the items of a batch are priced one by one, whatever their sum',
      'gpt-5.4',
      '2026-08-01T00:00:00Z',
      {
        object: 'batch',
        model: 'gpt-5.4',
        request_counts: { total: 4, completed: 3, failed: 1 },
        usage: usage(300_000, 3000),
      },
      '0.3975',
      { api: 'batch', counts: { input_uncached: 300_000, output: 3000 } },
    ),
    // tokens of a whole batch object: (10000 × 1.25 + 5000 × 0.125 + 2000 × 10) / 2, 15000 in of which 5000 cached
    responses(
      'a batch as a whole',
      'gpt-5-2025-08-07',
      '2025-12-01T00:00:00Z',
      { object: 'batch', model: 'gpt-5-2025-08-07', usage: usage(15_000, 2000, 5000) },
      '0.0165625',
      { api: 'batch' },
    ),
  ]);
});

describe('OpenAI audio, images and the rest', () => {
  const answered = (id: string, text: number, audio: number, out: number) => ({
    type: 'response.done',
    response: {
      id,
      usage: {
        total_tokens: text + audio + out,
        input_tokens: text + audio,
        input_token_details: { text_tokens: text, audio_tokens: audio, cached_tokens: 0 },
        output_tokens: out,
        output_token_details: { text_tokens: 0, audio_tokens: out },
      },
    },
  });
  testPrices([
    // two answers: 300 × 4 + 700 × 32 + 150 × 64; the second arrives twice
    {
      name: 'a realtime session adds its answers up, each once',
      provider: 'openai',
      model: 'gpt-realtime',
      api: 'realtime',
      at: '2025-11-01T00:00:00Z',
      answer: {
        events: [
          { type: 'session.created' },
          answered('resp_1', 100, 200, 50),
          {
            type: 'conversation.item.input_audio_transcription.completed',
            item_id: 'item_1',
            usage: { type: 'duration', seconds: 3 },
          },
          answered('resp_2', 200, 500, 100),
          answered('resp_2', 200, 500, 100),
        ],
      },
      usd: '0.0332',
      counts: { input_uncached: 1000, input_audio: 700, output: 150, output_audio: 150 },
    },
    // 90 seconds at 0.36 an hour
    {
      name: 'a realtime transcription by the second',
      provider: 'openai',
      model: 'whisper-1',
      api: 'realtime',
      at: '2025-11-01T00:00:00Z',
      answer: {
        type: 'conversation.item.input_audio_transcription.completed',
        usage: { type: 'duration', seconds: 90 },
      },
      usd: '0.009',
      counts: { audio_seconds: 90 },
    },
    // 14 × 1.25 + 1000 × 3 + 101 × 5
    {
      name: 'a transcription by tokens, streamed',
      provider: 'openai',
      model: 'gpt-4o-mini-transcribe',
      api: 'audio.transcriptions.stream',
      at: '2025-10-01T00:00:00Z',
      answer: {
        events: [
          { type: 'transcript.text.delta', delta: 'x' },
          {
            type: 'transcript.text.done',
            usage: {
              type: 'tokens',
              input_tokens: 1014,
              input_token_details: { text_tokens: 14, audio_tokens: 1000 },
              output_tokens: 101,
              total_tokens: 1115,
            },
          },
        ],
      },
      usd: '0.0035225',
    },
    // 20 × 0.6 + 500 × 12
    {
      name: 'speech by tokens, from the last event of its stream',
      provider: 'openai',
      model: 'gpt-4o-mini-tts',
      api: 'audio.speech.stream',
      at: '2025-10-01T00:00:00Z',
      answer: {
        events: [
          { type: 'speech.audio.delta', audio: 'x' },
          {
            type: 'speech.audio.done',
            usage: { input_tokens: 20, output_tokens: 500, total_tokens: 520 },
          },
        ],
      },
      usd: '0.006012',
    },
    // 4096 characters × 30
    {
      name: 'speech by characters',
      provider: 'openai',
      model: 'tts-1-hd',
      api: 'audio.speech',
      at: '2025-03-01T00:00:00Z',
      context: { request: { input_characters: 4096 } },
      answer: {},
      usd: '0.12288',
    },
    {
      name: 'speech of unknown length',
      provider: 'openai',
      model: 'tts-1',
      api: 'audio.speech',
      at: '2025-03-01T00:00:00Z',
      answer: {},
      usd: null,
      status: 'no_usage',
    },
    // 30 × 5 + 320 × 10 + 4160 × 40
    {
      name: 'an image edit',
      provider: 'openai',
      model: 'gpt-image-1',
      api: 'images.edits',
      at: '2025-08-01T00:00:00Z',
      answer: {
        usage: {
          input_tokens: 350,
          input_tokens_details: { text_tokens: 30, image_tokens: 320 },
          output_tokens: 4160,
          total_tokens: 4510,
        },
      },
      usd: '0.16975',
      counts: { input_image: 320, output_image: 4160 },
    },
    // three at 0.018
    {
      name: 'DALL·E 2 by size and number',
      provider: 'openai',
      model: 'dall-e-2',
      api: 'images',
      at: '2025-03-01T00:00:00Z',
      context: { request: { size: '512x512', n: 3 } },
      answer: { data: [{}, {}, {}] },
      usd: '0.054',
    },
    // two at 0.08
    {
      name: 'DALL·E 3 in landscape, at the quality that it has without asking',
      provider: 'openai',
      model: 'dall-e-3',
      api: 'images.generations',
      at: '2025-03-01T00:00:00Z',
      context: { request: { size: '1792x1024' } },
      answer: { data: [{}, {}] },
      usd: '0.16',
    },
    {
      name: 'moderation is free',
      provider: 'openai',
      model: 'text-moderation-007',
      api: 'moderations',
      at: '2025-03-01T00:00:00Z',
      answer: { results: [] },
      usd: '0',
    },
    // 5000 × 0.13 / 2
    {
      name: 'a batch of embeddings',
      provider: 'openai',
      model: 'text-embedding-3-large',
      api: 'batch.embeddings',
      at: '2025-03-01T00:00:00Z',
      answer: {
        custom_id: 'e',
        response: {
          status_code: 200,
          body: { usage: { prompt_tokens: 5000, total_tokens: 5000 } },
        },
      },
      usd: '0.000325',
    },
  ]);
});

describe('Azure', () => {
  const answer = {
    model: 'gpt-4o-2024-08-06',
    usage: chatUsage(1000, 500, { cached_tokens: 512 }),
  };
  const azure = (
    name: string,
    deployment_type: string,
    usd: string | null,
    rest = {},
  ): PriceCase => ({
    name,
    provider: 'azure',
    model: 'chat-prod',
    api: 'chat.completions',
    at: '2025-06-01T00:00:00Z',
    context: { deployment_type },
    answer,
    usd,
    ...rest,
  });
  testPrices([
    // 488 × 2.5 + 512 × 1.25 + 500 × 10 = 0.00686
    azure('global standard has list prices', 'GlobalStandard', '0.00686'),
    azure('a data zone costs ten percent more', 'DataZoneStandard', '0.007546'),
    azure('so does a region', 'Standard', '0.007546'),
    azure('a batch in the world', 'GlobalBatch', '0.00343'),
    azure('a batch in a data zone', 'DataZoneBatch', '0.003773'),
    azure('provisioned capacity', 'DataZoneProvisionedManaged', null, {
      status: 'contract_required',
    }),
    azure('provisioned capacity by its short name', 'PTU', null, { status: 'contract_required' }),
  ]);
});
