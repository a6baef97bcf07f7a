import { describe } from 'vitest';
import { testPrices, type PriceCase } from './price-case.js';

const gemini = (
  name: string,
  model: string,
  at: string,
  usageMetadata: object,
  usd: string | null,
  rest: Partial<PriceCase> = {},
): PriceCase => ({
  name,
  provider: 'google',
  model,
  api: 'generateContent',
  at,
  answer: { modelVersion: model, usageMetadata },
  usd,
  ...rest,
});

const counts = (prompt: number, candidates: number, rest: object = {}) => ({
  promptTokenCount: prompt,
  candidatesTokenCount: candidates,
  totalTokenCount: prompt + candidates,
  ...rest,
});

describe('Gemini', () => {
  testPrices([
    // 200000 × 1.25 + 1000 × 10; 160001 × 2.5 + 40000 × 0.25 + 1000 × 15
    gemini(
      'at the long-context bound',
      'gemini-2.5-pro',
      '2026-02-01T00:00:00Z',
      counts(200_000, 1000),
      '0.26',
    ),
    gemini(
      'one above it, cache included',
      'gemini-2.5-pro',
      '2026-02-01T00:00:00Z',
      counts(200_001, 1000, { cachedContentTokenCount: 40_000 }),
      '0.4250025',
    ),
    // tool results count for the bound: 199000 × 2 … 200500 > 200000: 200500 × 4 + 100 × 18
    gemini(
      'results of tools are part of the prompt that decides the bound',
      'gemini-3-pro-preview',
      '2026-02-01T00:00:00Z',
      {
        promptTokenCount: 199_500,
        toolUsePromptTokenCount: 1000,
        candidatesTokenCount: 100,
        totalTokenCount: 200_600,
      },
      '0.8038',
    ),
    // text 1000: 500 plain × 0.3, 500 cached × 0.03; audio 2000: 500 plain × 1, 1500 cached × 0.1; 50 × 2.5
    gemini(
      'cached audio at its own rate',
      'gemini-2.5-flash',
      '2026-02-01T00:00:00Z',
      counts(3000, 50, {
        cachedContentTokenCount: 2000,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 1000 },
          { modality: 'AUDIO', tokenCount: 2000 },
        ],
        cacheTokensDetails: [
          { modality: 'TEXT', tokenCount: 500 },
          { modality: 'AUDIO', tokenCount: 1500 },
        ],
      }),
      '0.00094',
      { counts: { input_audio: 2000, cache_read_audio: 1500 } },
    ),
    // 6000 × 1.5 + 4000 × 0.15 + 1500 × 7.5
    gemini(
      '3.6 Flash on new year’s day 2027',
      'gemini-3.6-flash',
      '2027-01-01T00:00:00Z',
      {
        promptTokenCount: 10_000,
        cachedContentTokenCount: 4000,
        candidatesTokenCount: 1000,
        thoughtsTokenCount: 500,
        totalTokenCount: 11_500,
      },
      '0.02085',
    ),
    // 10000 × 0.75 + 1000 × 3.75
    gemini(
      '3.7 Flash in the last second of its introduction',
      'gemini-3.7-flash',
      '2026-12-31T23:59:59.999Z',
      counts(10_000, 1000),
      '0.01125',
    ),
    // (10000 × 1.25 + 1000 × 10) × 1.8
    gemini(
      'priority',
      'gemini-2.5-pro',
      '2026-06-01T00:00:00Z',
      counts(10_000, 1000, { serviceTier: 'priority' }),
      '0.0405',
    ),
    gemini(
      'priority in Vertex’s words',
      'gemini-2.5-pro',
      '2026-06-01T00:00:00Z',
      counts(10_000, 1000, { trafficType: 'ON_DEMAND_PRIORITY' }),
      '0.0405',
      { provider: 'google-vertex', context: { location: 'global' } },
    ),
    // 2000 × 0.15 + 8000 × 0.03 + 1000 × 1.25: hits keep their own discount
    gemini(
      'a batch does not halve what came from the cache',
      'gemini-2.5-flash',
      '2026-06-01T00:00:00Z',
      counts(10_000, 1000, { cachedContentTokenCount: 8000 }),
      '0.00179',
      { context: { batch: true } },
    ),
    // flex halves cached input as well: 2000 × 0.15 + 8000 × 0.015 + 1000 × 1.25
    gemini(
      'flex does',
      'gemini-2.5-flash',
      '2026-06-01T00:00:00Z',
      counts(10_000, 1000, { cachedContentTokenCount: 8000, serviceTier: 'flex' }),
      '0.00167',
    ),
    // Vertex: 50000 × 0.15 + 1000 × 0.6
    gemini(
      '2.0 Flash costs more on Vertex',
      'gemini-2.0-flash-001',
      '2025-06-01T00:00:00Z',
      counts(50_000, 1000),
      '0.0081',
      { context: { endpoint: 'us-central1-aiplatform.googleapis.com' } },
    ),
    // 20 × 0.3 + 1290 × 30
    gemini(
      'images out',
      'gemini-2.5-flash-image',
      '2026-02-01T00:00:00Z',
      counts(20, 1290, { candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1290 }] }),
      '0.038706',
      { counts: { output_image: 1290 } },
    ),
    gemini(
      'a total that does not add up',
      'gemini-2.5-flash',
      '2026-02-01T00:00:00Z',
      { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 25 },
      null,
      { status: 'invalid_usage' },
    ),
    {
      name: 'an embedding on AI Studio states nothing',
      provider: 'google',
      model: 'gemini-embedding-001',
      api: 'embedContent',
      at: '2026-02-01T00:00:00Z',
      answer: { embedding: { values: [] } },
      usd: null,
      status: 'no_usage',
    },
    // 120 × 0.15 / 2
    {
      name: 'a batch of embeddings on Vertex',
      provider: 'google-vertex',
      model: 'gemini-embedding-001',
      api: 'batch.embedContent',
      at: '2026-02-01T00:00:00Z',
      answer: { embeddings: [{ statistics: { tokenCount: 120 } }] },
      usd: '0.000009',
    },
    // Live: text 100 × 0.5 + audio 400 × 3 + audio out 200 × 12
    gemini(
      'the Live API counts responses',
      'gemini-live-2.5-flash',
      '2026-02-01T00:00:00Z',
      {
        promptTokenCount: 500,
        responseTokenCount: 200,
        totalTokenCount: 700,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 100 },
          { modality: 'AUDIO', tokenCount: 400 },
        ],
        responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 200 }],
      },
      '0.00365',
    ),
  ]);
});
