import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createStreamFold, readUsage } from './read-usage.js';
import { apis } from './registry.js';
import { totalInput } from './usage.js';

const names = Object.keys(apis);
const providers = ['openai', 'anthropic', 'google', 'xai', 'perplexity', 'aws-bedrock', 'nobody'];

describe('readUsage', () => {
  test('an API that is not known is read by the chat rule', () => {
    const payload = { usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } };
    expect(readUsage({ provider: 'acme', api: 'v9/talk', payload })).toMatchObject({
      status: 'ok',
      usage: { tokens: { input_uncached: 1, output: 2 } },
    });
  });

  test.each([
    ['OpenAI', 'batch.chat.completions', { response: { status_code: 200, body: { usage: {} } } }],
    ['Gemini', 'batch.generateContent', { response: { usageMetadata: { promptTokenCount: 1 } } }],
  ])('%s batch items are unwrapped and priced as batch', (_, api, payload) => {
    const reading = readUsage({ provider: 'google', api, payload });
    if (reading.status === 'ok') expect(reading.usage.modifiers.service_tier).toBe('batch');
    else expect(reading.status).toBe('invalid_usage');
  });

  test.each([
    [{ response: { status_code: 500, body: {} } }],
    [{ response: null, error: { code: 'batch_expired' } }],
  ])('a batch item that failed is not billed (%j)', (payload) => {
    expect(readUsage({ provider: 'openai', api: 'batch.chat.completions', payload }).status).toBe(
      'not_billed',
    );
  });

  test('a stream is a list of its events, in an object or as it is', () => {
    const events = [
      { candidates: [{}], usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 } },
      {
        candidates: [{ finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 4, totalTokenCount: 13 },
      },
    ];
    const request = { provider: 'google', api: 'streamGenerateContent' };
    const reading = readUsage({ ...request, payload: events });
    expect(reading).toMatchObject({ usage: { tokens: { input_uncached: 9, output: 4 } } });
    expect(reading).toEqual(readUsage({ ...request, payload: { events } }));
  });

  test('GPU time comes from the caller', () => {
    const payload = { usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 } };
    const context = { gpu_seconds: 12.5 };
    expect(
      readUsage({ provider: 'self-hosted', api: 'chat.completions', payload, context }),
    ).toMatchObject({ usage: { units: { gpu_seconds: 12.5 } } });
  });

  test('never throws, never gives negative or fractional tokens', () => {
    const numbers = fc.oneof(
      fc.nat(1000),
      fc.integer(),
      fc.double(),
      fc.constant(null),
      fc.string(),
    );
    const field = fc.constantFrom(
      'prompt_tokens',
      'completion_tokens',
      'total_tokens',
      'input_tokens',
      'output_tokens',
      'cached_tokens',
      'cache_read_input_tokens',
      'cache_creation_input_tokens',
      'promptTokenCount',
      'candidatesTokenCount',
      'inputTokens',
      'outputTokens',
      'type',
      'seconds',
    );
    const usage = fc.dictionary(field, numbers);
    const payload = fc.oneof(
      fc.anything(),
      fc.record({ usage, usageMetadata: usage, usage_metadata: usage, attributes: usage }),
      fc.record({ events: fc.array(fc.oneof(fc.anything(), fc.record({ usage }))) }),
      fc.record({ lines: fc.array(fc.record({ message: fc.record({ usage }) })) }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...names, 'batch.responses', 'messages.batches', 'unheard-of'),
        fc.constantFrom(...providers),
        payload,
        (api, provider, body) => {
          const reading = readUsage({ provider, api, payload: body });
          if (reading.status !== 'ok') {
            expect(reading.reason).not.toBe('');
            return;
          }
          const { tokens } = reading.usage;
          for (const count of Object.values(tokens)) {
            expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
          }
          expect(Number.isSafeInteger(totalInput(tokens) + tokens.output)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test('every API folds streams, at least by keeping the last event with usage', () => {
  for (const api of names) {
    const fold = createStreamFold({ provider: 'openai', api });
    fold.add(null);
    fold.add({ hello: 'world' });
    expect(fold.finish().status).toBeDefined();
  }
});
