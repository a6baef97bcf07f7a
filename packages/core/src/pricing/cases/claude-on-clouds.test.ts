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

describe('Claude on the clouds', () => {
  const vertex = (
    name: string,
    location: string,
    model: string,
    usd: string,
    at = '2026-05-01T00:00:00Z',
    usage = messageUsage(100, 100, { ...written(0, 1000), cache_read_input_tokens: 1000 }),
  ): PriceCase =>
    message(name, model, at, { usage }, usd, {
      provider: 'google-vertex',
      context: { location },
    });
  const bedrock = (name: string, model: string, usage: object, usd: string | null, rest = {}) =>
    message(name, model, '2026-07-01T00:00:00Z', { usage }, usd, {
      provider: 'aws-bedrock',
      api: 'converse',
      ...rest,
    });
  const converse = { inputTokens: 100, outputTokens: 50, totalTokens: 150 };
  testPrices([
    // 100 × 3 + 1000 × 0.3 + 1000 × 6 + 100 × 15 = 0.0081
    vertex('Vertex worldwide has list prices', 'global', 'claude-sonnet-4-5@20250929', '0.0081'),
    vertex('however it is written', 'GLOBAL', 'claude-sonnet-4-5@20250929', '0.0081'),
    vertex('a Vertex region', 'us-east5', 'claude-sonnet-4-5@20250929', '0.00891'),
    vertex('a multi-region', 'eu', 'publishers/anthropic/models/claude-sonnet-4-5', '0.00891'),
    vertex(
      'before Claude 4.5 a region cost the same',
      'us-east5',
      'claude-sonnet-4@20250514',
      '0.0081',
    ),
    // 300000 × 5 + 1000 × 25, since 2026-03-13
    vertex(
      'Opus 4.6 with long context after the premium ended',
      'global',
      'claude-opus-4-6',
      '1.525',
      '2026-05-01T00:00:00Z',
      messageUsage(300_000, 1000),
    ),
    vertex(
      'and before',
      'global',
      'claude-opus-4-6',
      '3.0375',
      '2026-03-01T00:00:00Z',
      messageUsage(300_000, 1000),
    ),
    // (100 × 5.5 + 2000 × 11 + 1000 × 6.875 + 50 × 27.5)
    bedrock(
      'both lifetimes in a Bedrock region',
      'eu.anthropic.claude-opus-4-8',
      {
        ...converse,
        totalTokens: 3150,
        cacheWriteInputTokens: 3000,
        cacheDetails: [
          { ttl: '1h', inputTokens: 2000 },
          { ttl: '5m', inputTokens: 1000 },
        ],
      },
      '0.0308',
    ),
    // 100 × 5 + 1000 × 0.5 + 50 × 25; the older names repeat the values
    bedrock(
      'the older names of the cache counts repeat the newer',
      'global.anthropic.claude-opus-4-8',
      {
        ...converse,
        cacheReadInputTokens: 1000,
        cacheReadInputTokenCount: 1000,
        cacheWriteInputTokens: 0,
      },
      '0.00225',
    ),
    // 100 × 5 + 50 × 25 = 0.00175
    ...(
      [
        ['default', '0.00175', 'priced'],
        ['flex', '0.000875', 'priced'],
        ['priority', '0.0030625', 'priced'],
        ['reserved', null, 'contract_required'],
      ] as const
    ).map(([type, usd, status]) =>
      message(
        `Bedrock's ${type} tier`,
        'global.anthropic.claude-opus-4-8',
        '2026-07-01T00:00:00Z',
        { usage: converse, serviceTier: { type } },
        usd,
        { provider: 'aws-bedrock', api: 'converse', status },
      ),
    ),
    // 200001 × 6.6 + 50 × 24.75
    bedrock(
      'long context in a Bedrock region',
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      { inputTokens: 200_001, outputTokens: 50, totalTokens: 200_051 },
      '1.3212441',
    ),
    // (100 × 5.5 + 50 × 27.5)
    bedrock(
      'an inference profile by its full name',
      'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-4-8',
      converse,
      '0.001925',
    ),
    bedrock(
      'an application inference profile does not say its model',
      'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123',
      converse,
      null,
      { status: 'unknown_model' },
    ),
    // 100 × 5 + 50 × 25
    message(
      'InvokeModel without usage: the counts in its headers',
      'global.anthropic.claude-opus-4-8',
      '2026-07-01T00:00:00Z',
      {
        headers: {
          'X-Amzn-Bedrock-Input-Token-Count': '100',
          'X-Amzn-Bedrock-Output-Token-Count': 50,
        },
      },
      '0.00175',
      { provider: 'aws-bedrock', api: 'invokeModel' },
    ),
    // (100 × 5 + 50 × 25) / 2
    message(
      'a Bedrock batch record',
      'global.anthropic.claude-opus-4-8',
      '2026-07-01T00:00:00Z',
      { recordId: 'a', modelOutput: { usage: messageUsage(100, 50) } },
      '0.000875',
      { provider: 'aws-bedrock', api: 'batch.invokeModel' },
    ),
  ]);
});
