import { describe } from 'vitest';
import { callOf, chatUsage, testPrices } from './price-case.js';

describe('Moonshot, Voyage, self-hosted and names', () => {
  testPrices([
    // 10 × 0.95 + 10 × 0.16 + 30 × 4
    callOf(
      'Moonshot states cached tokens in both places',
      'moonshot',
      'kimi-k2.6',
      '2026-08-01T00:00:00Z',
      { ...chatUsage(20, 30, { cached_tokens: 10 }), cached_tokens: 10 },
      '0.0001311',
    ),
    // 12 × 0.18
    callOf(
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
    callOf(
      'a model of one’s own without a price',
      'self-hosted',
      'qwen3-32b',
      '2026-01-01T00:00:00Z',
      chatUsage(20, 30),
      null,
      { status: 'unknown_model' },
    ),
    // 1000 × 0.4 + 250 × 1.6, by a path, in capitals, dated
    callOf(
      'a prefixed, dated name in capitals',
      'openai',
      'OpenAI/GPT-4.1-mini-2025-04-14',
      '2025-09-01T00:00:00Z',
      chatUsage(1000, 250),
      '0.0008',
    ),
    // 10 × 0.3 + 10 × 2.5
    callOf(
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
