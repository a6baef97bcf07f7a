import { describe, expect, test } from 'vitest';
import { isAdaptable, limitOutput, pathOnModel } from './adapt-request.js';

const limited = (api: string, body: Record<string, unknown>, maxOutput = 50, choices = 1) =>
  limitOutput(
    {
      api,
      priceAs: api === 'messages' ? 'anthropic' : 'openai',
      choices,
      has: (member) => member in body,
      value: (member) => body[member],
    },
    maxOutput,
  );

describe('a limit on output', () => {
  test.each([
    ['chat.completions', {}, [['max_completion_tokens', 50]]],
    ['chat.completions', { max_tokens: 900 }, [['max_tokens', 50]]],
    [
      'chat.completions',
      { max_tokens: 900, max_completion_tokens: 800 },
      [
        ['max_completion_tokens', 50],
        ['max_tokens', 50],
      ],
    ],
    ['responses', {}, [['max_output_tokens', 50]]],
    [
      'generateContent',
      { generation_config: { temperature: 1, max_output_tokens: 900 } },
      [['generation_config', { temperature: 1, max_output_tokens: 50 }]],
    ],
    ['converse', { inferenceConfig: 'broken' }, [['inferenceConfig', { maxTokens: 50 }]]],
    ['embeddings', {}, []],
  ])('stands where %s has it: %j', (api, body, edits) => {
    expect(limited(api, body)).toEqual(edits);
  });

  test('is shared by all answers that are asked for, and never nothing', () => {
    expect(limited('chat.completions', { max_tokens: 9 }, 50, 4)).toEqual([['max_tokens', 12]]);
    expect(limited('chat.completions', { max_tokens: 9 }, 2, 4)).toEqual([['max_tokens', 1]]);
  });

  test('leaves room for thinking, or turns it off where none is left', () => {
    const body = { max_tokens: 9_000, thinking: { type: 'enabled', budget_tokens: 4_000 } };
    expect(limited('messages', body, 5_000)).toEqual([['max_tokens', 5_000]]);
    expect(limited('messages', body, 2_000)[1]).toEqual([
      'thinking',
      { type: 'enabled', budget_tokens: 1_999 },
    ]);
    expect(limited('messages', body, 1_000)[1]).toEqual(['thinking', { type: 'disabled' }]);
  });

  test('can be set for the APIs that answer with text', () => {
    expect(isAdaptable('chat.completions')).toBe(true);
    expect(isAdaptable('audio.speech')).toBe(false);
    expect(isAdaptable('toString')).toBe(false);
  });
});

test.each([
  [
    '/v1beta/models/a:streamGenerateContent?alt=sse',
    true,
    '/v1beta/models/b%24:streamGenerateContent?alt=sse',
  ],
  [
    '/openai/deployments/a/chat/completions?v=1',
    false,
    '/openai/deployments/b%24/chat/completions?v=1',
  ],
  ['/model/eu.a-v1:0/converse', false, '/model/b%24/converse'],
  ['/v1/chat/completions', false, '/v1/chat/completions'],
])('another model is named in the path where that names it: %s', (path, isGemini, expected) => {
  expect(pathOnModel(path, 'b$', isGemini)).toBe(expected);
});
