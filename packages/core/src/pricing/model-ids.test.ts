import { describe, expect, test } from 'vitest';
import { modelIdCandidates } from './model-ids.js';

describe('modelIdCandidates', () => {
  test.each([
    ['openai', 'gpt-4o', 'gpt-4o'],
    ['openai', 'GPT-4o', 'gpt-4o'],
    ['openai', 'gpt-4o-2024-08-06', 'gpt-4o'],
    ['openai', 'openai/gpt-4.1-mini', 'gpt-4.1-mini'],
    ['openai', 'ft:gpt-4o-mini-2024-07-18:acme::9xYz', 'ft:gpt-4o-mini'],
    ['openai', 'ft:gpt-3.5-turbo-0125:acme::9xYz', 'ft:gpt-3.5-turbo'],
    ['azure', 'openai/gpt-4o', 'gpt-4o'],
    ['anthropic', 'claude-sonnet-4-5-20250929', 'claude-sonnet-4-5'],
    ['anthropic', 'anthropic/claude-sonnet-4-5', 'claude-sonnet-4-5'],
    ['anthropic', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'claude-sonnet-4-5'],
    ['google-vertex', 'claude-sonnet-4-5@20250929', 'claude-sonnet-4-5'],
    ['google-vertex', 'publishers/google/models/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['google', 'models/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['google', 'gemini-2.0-flash-001', 'gemini-2.0-flash'],
    ['aws-bedrock', 'global.anthropic.claude-opus-4-8', 'global.anthropic.claude-opus-4-8'],
    ['aws-bedrock', 'us.anthropic.claude-opus-4-8-v1:0', 'regional.anthropic.claude-opus-4-8'],
    ['aws-bedrock', 'anthropic.claude-sonnet-4-6', 'regional.anthropic.claude-sonnet-4-6'],
    [
      'aws-bedrock',
      'arn:aws:bedrock:us-east-1:1:inference-profile/us.amazon.nova-lite-v1:0',
      'amazon.nova-lite-v1:0',
    ],
    ['groq', 'openai/gpt-oss-120b', 'openai/gpt-oss-120b'],
    ['google-vertex', 'claude-sonnet-4-6@default', 'claude-sonnet-4-6'],
    ['google', 'claude-3-5-sonnet-v2@20241022', 'claude-3-5-sonnet'],
    ['openai', 'azure/gpt-35-turbo-0125', 'gpt-3.5-turbo-0125'],
  ])('%s %s may be listed as %s', (provider, model, listed) => {
    expect(modelIdCandidates(provider, model)).toContain(listed);
  });

  test.each([
    ['anthropic', 'claude-sonnet-5-5', 'claude-sonnet-5'],
    ['anthropic', 'claude-sonnet-4-5-mini', 'claude-sonnet-4-5'],
    ['openai', 'gpt-4o-2024-13-41', 'gpt-4o'],
    ['openai', 'gpt-4.1-2025-02-31', 'gpt-4.1'],
    ['openai', 'gpt-4o-mini', 'gpt-4o'],
    ['openai', 'ft:gpt-4o-2024-08-06:acme::1', 'gpt-4o'],
    ['openai', 'gpt-4-0613', 'gpt-4'],
    ['groq', 'openai/gpt-oss-120b', 'gpt-oss-120b'],
    ['aws-bedrock', 'global.anthropic.claude-opus-4-8', 'regional.anthropic.claude-opus-4-8'],
  ])('%s %s is never taken for %s', (provider, model, other) => {
    expect(modelIdCandidates(provider, model)).not.toContain(other);
  });
});
