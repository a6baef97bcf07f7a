import { expect, test } from 'vitest';
import { generatedBytes } from './answer-text.js';

test.each([
  [
    'OpenAI chat',
    {
      id: 'chatcmpl-1',
      choices: [{ index: 0, delta: { role: 'assistant', content: 'four' } }],
      obfuscation: 'xxxxxxxx',
    },
  ],
  [
    'OpenAI tool call',
    {
      choices: [
        { delta: { tool_calls: [{ id: 'call_1', function: { name: 'n', arguments: '{"a"' } }] } },
      ],
    },
  ],
  ['OpenAI responses', { type: 'response.output_text.delta', item_id: 'msg_1', delta: 'four' }],
  [
    'Anthropic text',
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'four' } },
  ],
  [
    'Anthropic thinking',
    { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'four' } },
  ],
  [
    'Gemini',
    {
      candidates: [{ content: { role: 'model', parts: [{ text: 'four' }] } }],
      modelVersion: 'gemini-2.5-pro',
    },
  ],
])('%s: only what was generated counts', (_name, event) => expect(generatedBytes(event)).toBe(4));

test('text counts in bytes of UTF-8', () => {
  expect(generatedBytes({ delta: { text: '日本' } })).toBe(6);
  expect(generatedBytes('x')).toBe(1);
  expect(generatedBytes('é👍')).toBe(6);
  expect(generatedBytes(null)).toBe(0);
});
