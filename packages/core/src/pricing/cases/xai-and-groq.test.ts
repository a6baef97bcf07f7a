import { describe } from 'vitest';
import { callOf, chatUsage, testPrices } from './price-case.js';

describe('xAI', () => {
  const at = '2026-01-10T00:00:00Z';
  testPrices([
    {
      name: 'an image is billed as the answer states, in ticks of 1e-10 dollars',
      provider: 'xai',
      model: 'grok-2-image-1212',
      api: 'images.generations',
      at: '2026-08-01T00:00:00Z',
      answer: { data: [{ url: 'x' }], usage: { cost_in_usd_ticks: 200_000_000 } },
      usd: '0.02',
      counts: { images: 1 },
    },
    // 200000 × 2.5 of which 50000 × 0.4 …: 150000 × 2.5 + 50000 × 0.4 + 300 × 5
    callOf(
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
    callOf(
      'Grok 4 Fast below its bound',
      'xai',
      'grok-4-fast',
      at,
      chatUsage(127_999, 100),
      '0.0256498',
    ),
    callOf('and at it', 'xai', 'grok-4-fast', at, chatUsage(128_000, 100), '0.0513'),
    callOf(
      'ticks are the bill, whatever our rates say',
      'xai',
      'grok-77',
      at,
      { ...chatUsage(1000, 100), cost_in_usd_ticks: 12_345 },
      '0.0000012345',
    ),
    // 100 × 3 + 10 × 15, and 4 sources × 25 / 1000
    callOf(
      'sources of live search',
      'xai',
      'grok-4',
      at,
      { ...chatUsage(100, 10), num_sources_used: 4 },
      '0.10045',
      { counts: { search_sources: 4 } },
    ),
    // 1000 × 0.2 + 500 × 0.5 (reasoning inside), 2 web + 1 X search × 5 / 1000
    callOf(
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
    callOf(name, 'groq', model, '2026-05-01T00:00:00Z', {}, usd, {
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
    callOf(
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
    callOf('no length anywhere', 'groq', 'whisper-large-v3', '2026-05-01T00:00:00Z', {}, null, {
      api: 'audio.transcriptions',
      answer: { text: 'x' },
      status: 'no_usage',
    }),
  ]);
});
