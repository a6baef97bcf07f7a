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
