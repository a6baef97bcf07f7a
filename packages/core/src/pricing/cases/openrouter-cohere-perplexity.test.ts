import { describe } from 'vitest';
import { callOf, chatUsage, testPrices } from './price-case.js';

describe('OpenRouter', () => {
  const at = '2026-05-01T00:00:00Z';
  testPrices([
    callOf(
      'its own figure is the bill',
      'openrouter',
      'anthropic/claude-sonnet-4.5',
      at,
      { ...chatUsage(100, 50), cost: 0.011_700_000_1, is_byok: false },
      '0.0117000001',
    ),
    callOf(
      'free is a price',
      'openrouter',
      'nobody/nothing:free',
      at,
      { ...chatUsage(100, 50), cost: 0 },
      '0',
    ),
    callOf(
      'an own key: the fee and the provider’s bill',
      'openrouter',
      'openai/gpt-4o-mini',
      at,
      {
        ...chatUsage(100, 50),
        cost: 0,
        is_byok: true,
        cost_details: { upstream_inference_cost: 0.000045 },
      },
      '0.000045',
    ),
    // without the provider's bill: 100 × 0.15 + 50 × 0.6
    callOf(
      'an own key without the provider’s bill is priced by rates',
      'openrouter',
      'openai/gpt-4o-mini',
      at,
      {
        ...chatUsage(100, 50),
        cost: 0,
        is_byok: true,
        cost_details: { upstream_inference_cost: null },
      },
      '0.000045',
    ),
    callOf(
      'an unknown model without a figure',
      'openrouter',
      'nobody/nothing',
      at,
      chatUsage(100, 50),
      null,
      { status: 'unknown_model' },
    ),
  ]);
});

describe('Cohere', () => {
  const at = '2026-01-01T00:00:00Z';
  const cohere = (
    name: string,
    model: string,
    api: string,
    answer: object,
    usd: string | null,
    rest = {},
  ) => callOf(name, 'cohere', model, at, {}, usd, { api, answer, ...rest });
  testPrices([
    // 39 × 2.5 + 27 × 10
    cohere(
      'chat of the first version',
      'command-r-plus-08-2024',
      'chat.v1',
      {
        meta: {
          billed_units: { input_tokens: 39, output_tokens: 27 },
          tokens: { input_tokens: 1683 },
        },
      },
      '0.0003675',
    ),
    // 100 × 0.12 + 1000 × 0.47
    cohere(
      'embedded images come on top of text',
      'embed-v4.0',
      'embed.v2',
      { meta: { billed_units: { input_tokens: 100, image_tokens: 1000, images: 2 } } },
      '0.000482',
      { counts: { input_uncached: 1100, input_image: 1000 } },
    ),
    // 10 × 0.1
    cohere(
      'an older embedding model',
      'embed-multilingual-v3.0',
      'embed.v1',
      { meta: { billed_units: { input_tokens: 10 } } },
      '0.000001',
    ),
    // 3 × 2 / 1000
    cohere(
      'rerank by search units',
      'rerank-v3.5',
      'rerank.v1',
      { meta: { billed_units: { search_units: 3 } } },
      '0.006',
    ),
    cohere(
      'tokens without billed units say nothing about the bill',
      'command-a-03-2025',
      'chat.v2',
      { usage: { tokens: { input_tokens: 1683, output_tokens: 62 } } },
      null,
      { status: 'invalid_usage' },
    ),
  ]);
});

describe('Perplexity', () => {
  const at = '2026-01-01T00:00:00Z';
  const sonar = (name: string, model: string, usage: object, usd: string, rest = {}) =>
    callOf(name, 'perplexity', model, at, usage, usd, rest);
  testPrices([
    // 10 × 3 + 100 × 15 + fee
    sonar('a low context unless it says otherwise', 'sonar-pro', chatUsage(10, 100), '0.00753'),
    sonar(
      'a medium one',
      'sonar-pro',
      { ...chatUsage(10, 100), search_context_size: 'medium' },
      '0.01153',
    ),
    sonar(
      'a high one',
      'sonar-pro',
      { ...chatUsage(10, 100), search_context_size: 'high' },
      '0.01553',
    ),
    // citations and searches are billed for deep research alone
    sonar(
      'citations are not billed',
      'sonar-pro',
      { ...chatUsage(10, 100), citation_tokens: 500, num_search_queries: 2 },
      '0.00753',
    ),
    // 33 × 2 + 7163 × 8 + 95305 × 3 + 20016 × 2 + 18 × 5 / 1000
    sonar(
      'deep research bills reasoning, citations and searches apart',
      'sonar-deep-research',
      {
        prompt_tokens: 33,
        completion_tokens: 7163,
        total_tokens: 7196,
        citation_tokens: 20_016,
        num_search_queries: 18,
        reasoning_tokens: 95_305,
      },
      '0.473317',
      {
        counts: { output: 102_468, reasoning: 95_305, search_queries: 18, citation_tokens: 20_016 },
      },
    ),
  ]);
});
