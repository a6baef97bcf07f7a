import { expect, test } from 'vitest';
import { pricedModel } from './priced-model.js';

test.each([
  ['openai', 'model-router', 'gpt-5-nano-2025-08-07', 'gpt-5-nano-2025-08-07'],
  ['anthropic', 'claude-fable-5', 'claude-opus-4-8', 'claude-opus-4-8'],
  ['azure', 'chat-prod', null, 'chat-prod'],
  ['openai', null, null, null],
  [
    'aws-bedrock',
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    'claude-sonnet-4-5-20250929',
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  ],
  [
    'bedrock',
    'arn:aws:bedrock:us-east-1:1:application-inference-profile/abc',
    'claude-sonnet-4-5-20250929',
    'claude-sonnet-4-5-20250929',
  ],
])('%s: asked for %s, answered by %s → priced as %s', (provider, requested, answered, priced) => {
  expect(pricedModel({ provider, requested, answered })).toBe(priced);
});
