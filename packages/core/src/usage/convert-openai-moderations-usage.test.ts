import { expect, test } from 'vitest';
import { readUsage } from './read-usage.js';

const usage = { prompt_tokens: 120, completion_tokens: 0, total_tokens: 120 };
const read = (provider: string, payload: object) =>
  readUsage({
    provider,
    api: 'moderations',
    payload: { id: 'm1', model: 'moderation', ...payload },
  });

test('moderations are free at OpenAI, whatever the answer states', () => {
  expect(read('openai', {})).toMatchObject({ status: 'ok', usage: { units: { requests: 1 } } });
  expect(read('azure', { usage })).toMatchObject({
    status: 'ok',
    usage: { tokens: { input_uncached: 0 } },
  });
});

test('moderations of others are billed by their tokens, and unknown without', () => {
  expect(read('mistral', { usage })).toMatchObject({
    status: 'ok',
    usage: { tokens: { input_uncached: 120, output: 0 } },
  });
  expect(read('groq', {}).status).toBe('no_usage');
  expect(read('mistral', { usage: { prompt_tokens: -1 } }).status).toBe('invalid_usage');
});
