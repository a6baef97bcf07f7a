import { expect, test } from 'vitest';
import { tagSettings } from './tag-settings.js';

test('providers of rules may be named as in the configuration or as in reports', () => {
  const { require } = tagSettings.parse({
    require: [
      { tags: ['feature'], provider: 'gemini' },
      { tags: ['feature'], provider: ['google', 'openai', 'my-own'] },
      { tags: ['feature'] },
    ],
  });
  expect(require.map(({ provider }) => provider)).toEqual([
    ['google'],
    ['google', 'openai', 'my-own'],
    undefined,
  ]);
});
