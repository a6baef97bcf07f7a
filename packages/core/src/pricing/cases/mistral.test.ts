import { describe } from 'vitest';
import { callOf, chatUsage, testPrices, type PriceCase } from './price-case.js';

describe('Mistral', () => {
  // 43 × 0.5 + 128 × 0.05 + 14 × 1.5
  const spelled = (name: string, rest: object) =>
    callOf(
      name,
      'mistral',
      'mistral-large-2512',
      '2026-03-01T00:00:00Z',
      { prompt_tokens: 171, completion_tokens: 14, total_tokens: 185, ...rest },
      '0.0000489',
      { counts: { cache_read: 128, input_uncached: 43 } },
    );
  const pages = (name: string, answer: object, usd: string, rest: Partial<PriceCase> = {}) =>
    callOf(name, 'mistral', 'mistral-ocr-2512', '2026-03-01T00:00:00Z', {}, usd, {
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
    callOf(
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
      callOf(`${model} at ${at}`, 'mistral', model, at, chatUsage(1000, 100), usd),
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
    callOf(
      'a transcription by the second',
      'mistral',
      'voxtral-mini-2602',
      '2026-03-01T00:00:00Z',
      { prompt_audio_seconds: 203, prompt_tokens: 4, completion_tokens: 635, total_tokens: 3264 },
      '0.01015',
      { api: 'audio.transcriptions', counts: { audio_seconds: 203, output: 0 } },
    ),
    callOf(
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
