import { describe, expect, test } from 'vitest';
import { readUsage } from './read-usage.js';

function read(usageMetadata: unknown, body: object = {}) {
  const payload = { modelVersion: 'gemini-2.5-pro', ...body, usageMetadata };
  return readUsage({ provider: 'google', api: 'generateContent', payload });
}

const usage = {
  promptTokenCount: 3000,
  cachedContentTokenCount: 2000,
  candidatesTokenCount: 50,
  thoughtsTokenCount: 300,
  toolUsePromptTokenCount: 198,
  totalTokenCount: 3548,
  promptTokensDetails: [
    { modality: 'TEXT', tokenCount: 1500 },
    { modality: 'AUDIO', tokenCount: 1500 },
  ],
  cacheTokensDetails: [
    { modality: 'AUDIO', tokenCount: 700 },
    { modality: 'IMAGE', tokenCount: 40 },
  ],
  candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 20 }],
};

test('Interactions: modalities as in generateContent, tool use with the input, grounding noted', () => {
  const byModality = (tokens: object) =>
    Object.entries(tokens).map(([modality, count]) => ({ modality, tokens: count }));
  const payload = {
    service_tier: 'FLEX',
    usage: {
      total_input_tokens: 1000,
      total_cached_tokens: 400,
      total_tool_use_tokens: 50,
      total_output_tokens: 20,
      total_tokens: 1070,
      input_tokens_by_modality: byModality({ text: 500, video: 300, image: 200 }),
      tool_use_tokens_by_modality: byModality({ image: 30, text: 20 }),
      cached_tokens_by_modality: byModality({ text: 300, image: 100 }),
      grounding_tool_count: [{ type: 'google_search', count: 2 }],
    },
  };
  expect(readUsage({ provider: 'google', api: 'interactions', payload })).toMatchObject({
    usage: {
      details: { input_video: 300, input_image: 230, cache_read_image: 100, cache_read_audio: 0 },
      modifiers: { service_tier: 'flex' },
      notes: [expect.stringMatching(/grounded/)],
    },
  });
});

describe('Gemini usage', () => {
  test('the prompt includes its cached part; tool use and thoughts come on top', () => {
    expect(read(usage, { responseId: 'r1' })).toMatchObject({
      status: 'ok',
      model: 'gemini-2.5-pro',
      response_id: 'r1',
      usage: {
        tokens: { input_uncached: 1198, cache_read: 2000, output: 350 },
        details: {
          reasoning: 300,
          tool_use_input: 198,
          input_audio: 1500,
          cache_read_audio: 700,
          cache_read_image: 40,
          output_image: 20,
        },
      },
    });
  });

  test('a blocked prompt has no candidates', () => {
    expect(read({ promptTokenCount: 30, totalTokenCount: 30 })).toMatchObject({
      usage: { tokens: { input_uncached: 30, output: 0 } },
    });
  });

  test('an answer cut off while thinking has thoughts alone', () => {
    const cut = { promptTokenCount: 100, thoughtsTokenCount: 8192, totalTokenCount: 8292 };
    expect(read(cut)).toMatchObject({ usage: { tokens: { output: 8192 } } });
  });

  test.each([
    [{ serviceTier: 'flex' }, 'flex'],
    [{ trafficType: 'ON_DEMAND' }, 'standard'],
    [{ trafficType: 'ON_DEMAND_FLEX' }, 'flex'],
    [{ trafficType: 'ON_DEMAND_PRIORITY' }, 'priority'],
    [{ trafficType: 'PROVISIONED_THROUGHPUT' }, 'provisioned_throughput'],
  ])('%j is tier %s', (stated, tier) => {
    const plain = { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 };
    expect(read({ ...plain, ...stated })).toMatchObject({
      usage: { modifiers: { service_tier: tier } },
    });
  });

  test('a total that differs is a contradiction', () => {
    expect(read({ ...usage, totalTokenCount: 3248 })).toMatchObject({
      status: 'invalid_usage',
      reason: expect.stringMatching(/3548/),
    });
  });

  test('grounding is noted: its fee depends on a quota shared by all calls', () => {
    const candidates = [{ groundingMetadata: { webSearchQueries: ['a', 'b'] } }];
    const reading = read(usage, { candidates });
    expect(reading).toMatchObject({ usage: { notes: [expect.stringMatching(/2 web searches/)] } });
    expect(JSON.stringify(reading)).not.toContain('"a"');
  });
});
