import { describe } from 'vitest';
import { messageUsage, testPrices, type PriceCase } from './price-case.js';

const message = (
  name: string,
  model: string,
  at: string,
  answer: object,
  usd: string | null,
  rest: Partial<PriceCase> = {},
): PriceCase => ({ name, provider: 'anthropic', model, api: 'messages', at, answer, usd, ...rest });

const written = (fiveMinutes: number, oneHour: number) => ({
  cache_creation_input_tokens: fiveMinutes + oneHour,
  cache_creation: {
    ephemeral_5m_input_tokens: fiveMinutes,
    ephemeral_1h_input_tokens: oneHour,
  },
});

describe('Anthropic messages', () => {
  testPrices([
    // 50 × 3 + 2000 × 0.3 + 1000 × 3.75 + 2000 × 6 + 120 × 15
    message(
      'cache writes of both lifetimes',
      'claude-sonnet-4-5-20250929',
      '2026-05-01T00:00:00Z',
      { usage: messageUsage(50, 120, { ...written(1000, 2000), cache_read_input_tokens: 2000 }) },
      '0.0183',
      { counts: { cache_write_5m: 1000, cache_write_1h: 2000, cache_read: 2000 } },
    ),
    // 50 × 0.8 + 3000 × 1 + 120 × 4
    message(
      'writes without a breakdown last five minutes',
      'claude-3-5-haiku-20241022',
      '2025-05-01T00:00:00Z',
      { usage: messageUsage(50, 120, { cache_creation_input_tokens: 3000 }) },
      '0.00352',
      { counts: { cache_write_5m: 3000 } },
    ),
    // 10 × 0.25 + 1000 × 0.3 + 2000 × 0.03 + 100 × 1.25
    message(
      'Claude 3 Haiku rounds its cache prices in a way of its own',
      'claude-3-haiku-20240307',
      '2025-05-01T00:00:00Z',
      { usage: messageUsage(10, 100, { ...written(1000, 0), cache_read_input_tokens: 2000 }) },
      '0.0004875',
    ),
    // 10 × 15 + 1000 × 30 + 100 × 75
    message(
      'Opus 4.1',
      'claude-opus-4-1-20250805',
      '2025-12-01T00:00:00Z',
      { usage: messageUsage(10, 100, written(0, 1000)) },
      '0.03765',
    ),
    // 1000 × 4 + 10000 × 0.2 + 500 × 20
    message(
      'Opus 5.5 reads its cache at a twentieth',
      'claude-opus-5-5',
      '2026-10-01T00:00:00Z',
      { usage: messageUsage(1000, 500, { cache_read_input_tokens: 10_000 }) },
      '0.016',
    ),
    // 300000 × 6 + 2000 × 22.5
    message(
      'the last day of the premium for long context',
      'claude-sonnet-4-6',
      '2026-03-12T23:59:59.999Z',
      { usage: messageUsage(300_000, 2000) },
      '1.845',
    ),
    // 1000 × 0.1 + 98000 × 0.01 + 1000 × 0.125 + 500 × 0.5
    message(
      'Haiku 5.5 at its bound of 100,000',
      'claude-haiku-5-5',
      '2026-10-20T00:00:00Z',
      { usage: messageUsage(1000, 500, { ...written(1000, 0), cache_read_input_tokens: 98_000 }) },
      '0.001455',
    ),
    // 1000 × 8 + 2000 × 0.2 + 1000 × 16 + 500 × 40, × 2
    message(
      'fast mode doubles every rate',
      'claude-fable-5-2',
      '2026-11-15T00:00:00Z',
      {
        usage: messageUsage(1000, 500, {
          ...written(0, 1000),
          cache_read_input_tokens: 2000,
          speed: 'fast',
        }),
      },
      '0.0888',
    ),
    // 1000 × 30 + 500 × 150
    message(
      'fast mode cost six times as much on Opus 4.6',
      'claude-opus-4-6',
      '2026-04-10T00:00:00Z',
      { usage: messageUsage(1000, 500, { speed: 'fast' }) },
      '0.105',
    ),
    // (1000 × 10 + 500 × 50) × 1.1 + 10 / 1000
    message(
      'fast × US inference, and a search at its plain price',
      'claude-opus-4-8',
      '2026-07-01T00:00:00Z',
      {
        usage: messageUsage(1000, 500, {
          speed: 'fast',
          inference_geo: 'us',
          server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 },
        }),
      },
      '0.0485',
    ),
    // (100 × 10 + 10 × 50) × 1.1 and (200 × 5 + 20 × 25) × 1.1
    message(
      'an advisor answers where the answer was, not as fast',
      'claude-opus-4-8',
      '2026-07-01T00:00:00Z',
      {
        usage: messageUsage(100, 10, {
          speed: 'fast',
          inference_geo: 'us',
          iterations: [
            { type: 'message', ...messageUsage(100, 10) },
            { type: 'advisor_message', model: 'claude-opus-4-7', ...messageUsage(200, 20) },
          ],
        }),
      },
      '0.0033',
    ),
    message(
      'fast on a model without fast mode',
      'claude-sonnet-4-6',
      '2026-07-01T00:00:00Z',
      { usage: messageUsage(1000, 500, { speed: 'fast' }) },
      null,
      { status: 'unknown_model' },
    ),
    // (1000 × 5 + 2000 × 10 + 10000 × 0.5 + 1000 × 25) × 1.1 / 2
    message(
      'batch × US × one-hour cache',
      'claude-opus-4-8',
      '2026-07-01T00:00:00Z',
      {
        custom_id: 'a',
        result: {
          type: 'succeeded',
          message: {
            model: 'claude-opus-4-8',
            usage: messageUsage(1000, 1000, {
              ...written(0, 2000),
              cache_read_input_tokens: 10_000,
              service_tier: 'batch',
              inference_geo: 'us',
            }),
          },
        },
      },
      '0.03025',
      { api: 'messages.batches' },
    ),
    // (100 × 3 + 1000 × 15) / 2 + 2 × 10 / 1000
    message(
      'a batch halves tokens and no search',
      'claude-sonnet-4-5-20250929',
      '2026-05-01T00:00:00Z',
      {
        custom_id: 'a',
        result: {
          type: 'succeeded',
          message: {
            usage: messageUsage(100, 1000, {
              service_tier: 'batch',
              server_tool_use: { web_search_requests: 2 },
            }),
          },
        },
      },
      '0.02765',
      { api: 'messages.batches' },
    ),
    ...['canceled', 'expired'].map((type) =>
      message(
        `a batch item that was ${type}`,
        'claude-opus-4-8',
        '2026-07-01T00:00:00Z',
        { custom_id: 'a', result: { type } },
        '0',
        { api: 'messages.batches', status: 'not_billed' },
      ),
    ),
    // 2414 × 3 + 3200 × 15, and the compaction's 50000 × 3 + 1000 × 15
    message(
      'a compaction is billed on top of what the answer states',
      'claude-sonnet-4-6',
      '2026-06-01T00:00:00Z',
      {
        usage: messageUsage(2414, 3200, {
          iterations: [
            { type: 'compaction', input_tokens: 50_000, output_tokens: 1000 },
            { type: 'message', input_tokens: 2414, output_tokens: 3200 },
          ],
        }),
      },
      '0.220242',
      { counts: { input_uncached: 52_414, output: 4200 } },
    ),
    // 412 × 5 + 264 × 25: the fallback's model is named in its iteration alone
    message(
      'a stream that another model finished',
      'claude-fable-5',
      '2026-07-01T00:00:00Z',
      {
        events: [
          {
            type: 'message_start',
            message: { model: 'claude-fable-5', usage: messageUsage(408, 1) },
          },
          {
            type: 'message_delta',
            delta: { stop_reason: 'end_turn' },
            usage: messageUsage(412, 264, {
              iterations: [
                { type: 'message', model: 'claude-fable-5', ...messageUsage(408, 0) },
                { type: 'fallback_message', model: 'claude-opus-4-8', ...messageUsage(412, 264) },
              ],
            }),
          },
          { type: 'message_stop' },
        ],
      },
      '0.00866',
      { api: 'messages.stream' },
    ),
    // twice 150000 × 3 + 1000 × 15: neither request was long
    message(
      'long context is decided by each iteration',
      'claude-sonnet-4-6',
      '2026-03-01T00:00:00Z',
      {
        usage: messageUsage(300_000, 2000, {
          iterations: [
            { type: 'message', ...messageUsage(150_000, 1000) },
            { type: 'message', ...messageUsage(150_000, 1000) },
          ],
        }),
      },
      '0.93',
    ),
    // 100 × 3 + 1000 × 0.3 + 300 × 15 + 10 / 1000; the delta restates everything
    message(
      'the last word of a stream counts, for every field',
      'claude-sonnet-4-5-20250929',
      '2026-05-01T00:00:00Z',
      {
        events: [
          { type: 'message_start', message: { id: 'm', usage: messageUsage(90, 1) } },
          { type: 'message_delta', delta: {}, usage: { output_tokens: 100 } },
          {
            type: 'message_delta',
            delta: { stop_reason: 'end_turn' },
            usage: {
              input_tokens: 100,
              cache_read_input_tokens: 1000,
              output_tokens: 300,
              server_tool_use: { web_search_requests: 1 },
            },
          },
          { type: 'message_stop' },
        ],
      },
      '0.0151',
      { api: 'messages.stream' },
    ),
    message(
      'an unseen version is not its predecessor',
      'claude-sonnet-5-6',
      '2026-11-01T00:00:00Z',
      { usage: messageUsage(100, 100) },
      null,
      { status: 'unknown_model' },
    ),
    message(
      'a breakdown that contradicts the sum',
      'claude-opus-4-8',
      '2026-07-01T00:00:00Z',
      {
        usage: messageUsage(100, 100, {
          ...written(1000, 2000),
          cache_creation_input_tokens: 5000,
        }),
      },
      null,
      { status: 'invalid_usage' },
    ),
  ]);
});
