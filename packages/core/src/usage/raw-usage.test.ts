import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rawUsage } from './raw-usage.js';

test('numbers and tier names are kept, text is not', () => {
  expect(
    rawUsage({
      input_tokens: 5,
      service_tier: 'flex',
      inference_geo: 'us',
      prompt: 'the secret prompt',
      type: 'a sentence in a field for names',
      nested: { count: 1, note: 'hidden', list: [{ modality: 'TEXT', tokenCount: 2 }] },
      'a key made of text': 3,
    }),
  ).toEqual({
    input_tokens: 5,
    service_tier: 'flex',
    inference_geo: 'us',
    nested: { count: 1, list: [{ modality: 'TEXT', tokenCount: 2 }] },
  });
});

test('is bounded, whatever comes in', () => {
  fc.assert(
    fc.property(fc.anything({ maxDepth: 9 }), (value) => {
      expect(JSON.stringify(rawUsage(value) ?? null).length).toBeLessThan(100_000);
    }),
  );
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, index]));
  expect(Object.keys(rawUsage(wide) as object)).toHaveLength(128);
});
