import { describe } from 'vitest';
import { testPrices, type PriceCase } from './price-case.js';

const responses = (
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
  api: 'responses',
  at,
  answer,
  usd,
  ...rest,
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
    // 1000 × 1.25 + 100 × 10; the image is billed by another model's tokens
    responses(
      'an image among the output is not in usage',
      'gpt-5-2025-08-07',
      '2025-12-01T00:00:00Z',
      { output: [{ type: 'image_generation_call' }], usage: usage(1000, 100) },
      '0.00225',
      { status: 'partial' },
    ),
    // 1000 × 0.2 + 100 × 0.5 + 2 × 5 / 1000
    responses(
      'xAI bills the code interpreter by the call',
      'grok-4-fast-reasoning',
      '2025-12-01T00:00:00Z',
      {
        output: [{ type: 'code_interpreter_call' }, { type: 'code_interpreter_call' }],
        usage: usage(1000, 100),
      },
      '0.01025',
      { provider: 'xai' },
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
