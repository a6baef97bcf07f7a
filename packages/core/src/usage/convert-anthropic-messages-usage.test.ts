import { describe, expect, test } from 'vitest';
import { readUsage } from './read-usage.js';

function read(usage: unknown, body: object = {}) {
  return readUsage({ provider: 'anthropic', api: 'messages', payload: { ...body, usage } });
}

const usage = {
  input_tokens: 50,
  cache_creation_input_tokens: 3000,
  cache_read_input_tokens: 2000,
  cache_creation: { ephemeral_5m_input_tokens: 1000, ephemeral_1h_input_tokens: 2000 },
  output_tokens: 120,
  output_tokens_details: { thinking_tokens: 80 },
  server_tool_use: { web_search_requests: 1, web_fetch_requests: 2 },
  service_tier: 'standard',
  inference_geo: 'us',
  speed: 'fast',
  iterations: null,
};

describe('Anthropic messages usage', () => {
  test('input, reads and writes are disjoint; writes are split by lifetime, never added twice', () => {
    expect(read(usage, { id: 'msg_1', model: 'claude-opus-4-8' })).toMatchObject({
      status: 'ok',
      model: 'claude-opus-4-8',
      response_id: 'msg_1',
      usage: {
        tokens: {
          input_uncached: 50,
          cache_read: 2000,
          cache_write: 0,
          cache_write_5m: 1000,
          cache_write_1h: 2000,
          output: 120,
        },
        details: { reasoning: 80 },
        units: { web_searches: 1, web_fetches: 2 },
        modifiers: { service_tier: 'standard', inference_geo: 'us', speed: 'fast' },
      },
    });
  });

  test('without the split, writes have the default lifetime of 5 minutes', () => {
    expect(
      read({ input_tokens: 1, output_tokens: 1, cache_creation_input_tokens: 9 }),
    ).toMatchObject({ usage: { tokens: { cache_write_5m: 9, cache_write_1h: 0 } } });
  });

  test.each([
    ['input is missing', { ...usage, input_tokens: undefined }, /input_tokens is missing/],
    ['output is missing', { ...usage, output_tokens: null }, /output_tokens is missing/],
    ['the split differs', { ...usage, cache_creation_input_tokens: 2999 }, /adds up to 3000/],
    ['thinking exceeds output', { ...usage, output_tokens: 79 }, /thinking_tokens \(80\)/],
  ])('%s: a contradiction', (_, broken, reason) => {
    expect(read(broken)).toMatchObject({
      status: 'invalid_usage',
      reason: expect.stringMatching(reason),
    });
  });

  test('an advisor is another model’s bill, a compaction is our own beside the totals', () => {
    const iteration = { cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
    const reading = read({
      input_tokens: 100,
      output_tokens: 10,
      iterations: [
        { type: 'message', input_tokens: 100, output_tokens: 10, ...iteration },
        { type: 'compaction', input_tokens: 500, output_tokens: 40, ...iteration },
        {
          type: 'advisor_message',
          model: 'claude-opus-4-7',
          input_tokens: 2728,
          output_tokens: 874,
          ...iteration,
        },
      ],
    });
    expect(reading).toMatchObject({
      usage: {
        tokens: { input_uncached: 600, output: 50 },
        nested: [{ model: 'claude-opus-4-7', tokens: { input_uncached: 2728, output: 874 } }],
      },
    });
  });

  test('a fallback is already the top level', () => {
    const reading = read({
      input_tokens: 412,
      output_tokens: 264,
      iterations: [
        { type: 'message', model: 'claude-fable-5', input_tokens: 408, output_tokens: 0 },
        {
          type: 'fallback_message',
          model: 'claude-opus-4-8',
          input_tokens: 412,
          output_tokens: 264,
        },
      ],
    });
    expect(reading).toMatchObject({ usage: { tokens: { input_uncached: 412, output: 264 } } });
  });

  test('a tool and a lifetime that nobody knows yet are noted', () => {
    const reading = read({
      input_tokens: 1,
      output_tokens: 1,
      cache_creation_input_tokens: 9,
      cache_creation: { ephemeral_24h_input_tokens: 9 },
      server_tool_use: { web_search_requests: 0, hologram_requests: 2 },
    });
    expect(reading).toMatchObject({
      usage: {
        tokens: { cache_write_5m: 9 },
        units: {},
        notes: [
          expect.stringContaining('cache_creation.ephemeral_24h_input_tokens = 9'),
          expect.stringContaining('server_tool_use.hologram_requests = 2'),
        ],
      },
    });
  });

  test('OpenRouter states its charge in this API too', () => {
    const usage = { input_tokens: 10, output_tokens: 5, cost: 0.000105, is_byok: false };
    const payload = { usage };
    expect(readUsage({ provider: 'openrouter', api: 'messages', payload })).toMatchObject({
      usage: { reported: { usd: '0.000105', field: 'usage.cost' } },
    });
    expect(read(usage)).not.toHaveProperty('usage.reported');
  });

  test('a redeemed fallback credit is noted: counts do not show it', () => {
    const credit = { fallback_credit: { status: { type: 'redeemed' } } };
    expect(read({ input_tokens: 1, output_tokens: 1, ...credit })).toMatchObject({
      usage: { notes: [expect.stringMatching(/fallback credit/)] },
    });
  });
});

describe('Anthropic batches', () => {
  const batch = (result: unknown) =>
    readUsage({
      provider: 'anthropic',
      api: 'messages.batches',
      payload: { custom_id: 'a', result },
    });

  test('a succeeded item is an answer at the batch tier', () => {
    const message = { model: 'claude-opus-4-8', usage: { input_tokens: 5, output_tokens: 6 } };
    expect(batch({ type: 'succeeded', message })).toMatchObject({
      status: 'ok',
      model: 'claude-opus-4-8',
      usage: { tokens: { input_uncached: 5 }, modifiers: { service_tier: 'batch' } },
    });
  });

  test.each(['errored', 'canceled', 'expired'])('an item that %s is not billed', (type) => {
    expect(batch({ type })).toMatchObject({ status: 'not_billed' });
  });
});
