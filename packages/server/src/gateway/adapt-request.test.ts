import { describe, expect, test } from 'vitest';
import { adaptRequest } from './adapt-request.js';
import { resolveProviders } from './providers.js';
import { readRequestFacts } from './request-facts.js';
import { matchRoute } from './route.js';

const base_url = 'https://example.com';
const providers = resolveProviders(
  {
    azure: { base_url, api: 'openai' },
    groq: { base_url: `${base_url}/openai/v1`, api: 'openai' },
    bedrock: { base_url, api: 'bedrock' },
    vertex: { base_url, api: 'gemini', price_as: 'google-vertex' },
  },
  {},
);

function adapt(
  path: string,
  body: string,
  changes: { model?: string; maxOutput?: number },
): { path: string; body: string } {
  const route = matchRoute('POST', path, providers)!;
  const bytes = Buffer.from(body);
  const request = {
    body: bytes,
    facts: readRequestFacts(bytes),
    upstreamPath: route.upstreamPath,
  };
  const { model, maxOutput } = changes;
  const adapted = adaptRequest(route, route.api!, request, { model, maxOutput });
  return { path: adapted.upstreamPath, body: adapted.body.toString() };
}

const chat = '/openai/v1/chat/completions';

describe('a limit on output', () => {
  test.each([
    [
      chat,
      '{"max_completion_tokens": 4096, "model":"m"}',
      '{"max_completion_tokens": 50, "model":"m"}',
    ],
    [chat, '{"model":"m","max_tokens":4096}', '{"model":"m","max_tokens":50}'],
    [chat, '{"model":"m"}', '{"max_completion_tokens":50,"model":"m"}'],
    ['/groq/chat/completions', '{"model":"m"}', '{"max_tokens":50,"model":"m"}'],
    ['/openai/v1/completions', '{ "model":"m" }', '{"max_tokens":50, "model":"m" }'],
    ['/openai/v1/responses', '{"model":"m"}', '{"max_output_tokens":50,"model":"m"}'],
    ['/anthropic/v1/messages', '{"max_tokens":900}', '{"max_tokens":50}'],
    [
      '/gemini/v1beta/models/g:generateContent',
      '{"contents":[],"generationConfig":{"temperature":1,"maxOutputTokens":900}}',
      '{"contents":[],"generationConfig":{"temperature":1,"maxOutputTokens":50}}',
    ],
    [
      '/gemini/v1beta/models/g:generateContent',
      '{"generation_config":{"max_output_tokens":900}}',
      '{"generation_config":{"max_output_tokens":50}}',
    ],
    [
      '/gemini/v1beta/models/g:streamGenerateContent?alt=sse',
      '{}',
      '{"generationConfig":{"maxOutputTokens":50}}',
    ],
    ['/bedrock/model/a/converse', '{}', '{"inferenceConfig":{"maxTokens":50}}'],
  ])('stands where the API has it: %s %s', (path, sent, expected) => {
    expect(adapt(path, sent, { maxOutput: 50 }).body).toBe(expected);
  });

  test('holds for both names where a request has both, however they are written', () => {
    const sent = '{"max_tokens":900,"max_completion\\u005ftokens":800,"model":"m"}';
    expect(JSON.parse(adapt(chat, sent, { maxOutput: 50 }).body)).toEqual({
      max_tokens: 50,
      max_completion_tokens: 50,
      model: 'm',
    });
  });

  test('is shared by all answers that are asked for', () => {
    const sent = '{"model":"m","n":4,"max_tokens":900}';
    expect(adapt(chat, sent, { maxOutput: 50 }).body).toBe('{"model":"m","n":4,"max_tokens":12}');
  });

  test('leaves room for thinking, or turns it off where none is left', () => {
    const sent = '{"max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":4000}}';
    const thinkingAt = (maxOutput: number) =>
      JSON.parse(adapt('/anthropic/v1/messages', sent, { maxOutput }).body).thinking;
    expect(thinkingAt(5_000)).toEqual({ type: 'enabled', budget_tokens: 4_000 });
    expect(thinkingAt(2_000)).toEqual({ type: 'enabled', budget_tokens: 1_999 });
    expect(thinkingAt(1_000)).toEqual({ type: 'disabled' });
  });
});

describe('another model', () => {
  test.each([
    [
      chat,
      '{"messages":[],"model":"gpt-5"}',
      chat.slice(7),
      '{"messages":[],"model":"small $& 1"}',
    ],
    [
      '/gemini/v1beta/models/gemini-3-pro:streamGenerateContent?alt=sse',
      '{"contents":[]}',
      '/v1beta/models/small%20%24%26%201:streamGenerateContent?alt=sse',
      '{"contents":[]}',
    ],
    [
      '/azure/openai/deployments/gpt-5/chat/completions?api-version=1',
      '{}',
      '/openai/deployments/small%20%24%26%201/chat/completions?api-version=1',
      '{}',
    ],
    ['/bedrock/model/anthropic.claude/converse', '{}', '/model/small%20%24%26%201/converse', '{}'],
    [
      '/vertex/v1/projects/p/locations/eu/publishers/anthropic/models/claude:rawPredict',
      '{"max_tokens":5}',
      '/v1/projects/p/locations/eu/publishers/anthropic/models/small%20%24%26%201:rawPredict',
      '{"max_tokens":5}',
    ],
  ])('is named where the request names its model: %s', (path, sent, upstream, body) => {
    expect(adapt(path, sent, { model: 'small $& 1' })).toEqual({ path: upstream, body });
  });
});

test('what is changed in one place leaves every other byte as it was', () => {
  const sent = '{ "model" : "gpt-5",\n\t"x":1.10e2, "messages":["\\u00e9 ✓"], "max_tokens" : 9 }\n';
  expect(adapt(chat, sent, { model: 'm', maxOutput: 4 }).body).toBe(
    sent.replace('"gpt-5"', '"m"').replace(': 9', ': 4'),
  );
});
