import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFakeProvider, type FakeProvider } from './index.js';

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider();
});
afterAll(() => provider.close());

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(0, -1, '', null, true, [], {}, [[]], [null], [{}], [{ content: [null, 7] }]),
);
const fields = [
  'model',
  'messages',
  'input',
  'contents',
  'system',
  'tools',
  'tool_choice',
  'max_tokens',
  'max_completion_tokens',
  'stream',
  'stream_options',
  'response_format',
  'text',
  'reasoning',
  'thinking',
  'output_config',
  'generationConfig',
  'toolConfig',
  'systemInstruction',
  'cachedContent',
  'requests',
  'cache_control',
  'metadata',
  'dimensions',
  'encoding_format',
];
const bodies = fc.dictionary(fc.constantFrom(...fields), odd);
const workable = fc.record({
  model: fc.constantFrom('gpt-5', 'claude-opus-4-8', 'x'),
  max_tokens: fc.constant(100),
  messages: fc.constant([{ role: 'user', content: 'Hi' }]),
  input: fc.constant('Hi'),
  contents: fc.constant([{ parts: [{ text: 'Hi' }] }]),
});

test.each([
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/embeddings',
  '/v1/messages',
  '/v1/messages/count_tokens',
  '/v1beta/models/gemini-2.5-flash:generateContent',
  '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
  '/v1beta/models/%E0%A4%A:countTokens',
  '/v1beta/models/gemini-embedding-001:batchEmbedContents',
  '/v1/organization/costs?start_time=99999999999999999999',
  '//',
])('%s answers any JSON with 200 or a 4xx, never with a failure of its own', async (path) => {
  await fc.assert(
    fc.asyncProperty(workable, bodies, async (base, body) => {
      const response = await fetch(provider.url + path, {
        method: 'POST',
        headers: { authorization: 'Bearer sk-test', 'x-fake-output-tokens': '10' },
        body: JSON.stringify({ ...base, ...body }),
      });
      const text = await response.text();
      expect([200, 400, 404], text).toContain(response.status);
    }),
    { numRuns: 80 },
  );
});
