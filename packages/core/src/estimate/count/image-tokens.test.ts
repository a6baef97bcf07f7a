import { expect, test } from 'vitest';
import { imageTokens } from './image-tokens.js';

const tokens = (model: string, width: number, height: number, detail?: string) =>
  imageTokens({ provider: null, model }, { width, height }, detail ?? null);

/** Examples of the providers' own pages, and published counts of their APIs. */
test.each([
  // Tiles: two examples of OpenAI's page.
  ['gpt-4o', 1_024, 1_024, undefined, 765],
  ['gpt-4o', 2_048, 4_096, undefined, 1_105],
  ['gpt-4o-2024-11-20', 4_096, 8_192, 'low', 85],
  ['gpt-4o-mini', 128, 64, 'low', 2_833],
  ['gpt-4o-mini', 128, 64, 'high', 8_500],
  ['o3', 128, 64, 'low', 75],
  ['gpt-5', 1_024, 1_024, undefined, 630],
  // Patches: an example of the page, and a count at the limit.
  ['gpt-4.1-mini', 1_024, 1_024, undefined, Math.ceil(1_024 * 1.62)],
  ['gpt-4.1-mini', 1_800, 2_400, undefined, Math.ceil(1_452 * 1.62)],
  ['gpt-4.1-nano', 128, 64, undefined, 20],
  ['openai/gpt-5-mini', 1_024, 1_024, undefined, Math.ceil(1_024 * 1.62)],
  // Counts published for GPT-6 and GPT-5.5.
  ['gpt-6-astra', 256, 256, undefined, 77],
  ['gpt-6-astra', 1_024, 1_024, undefined, 1_229],
  ['gpt-6-astra', 1_280, 720, undefined, 1_104],
  ['gpt-6-astra', 3_840, 2_160, undefined, 9_792],
  ['gpt-6-astra', 4_032, 3_024, undefined, 14_364],
  ['gpt-6-astra', 2_560, 1_440, 'high', 2_931],
  ['gpt-6-astra', 4_032, 3_024, 'high', 2_942],
  ['gpt-5.5', 4_032, 3_024, undefined, 11_868],
  // The same for Claude, less the 77 and 65 tokens of the prompt around it.
  ['claude-opus-5-5', 256, 256, undefined, 177 - 77],
  ['claude-opus-4-8', 768, 768, undefined, 861 - 77],
  ['claude-sonnet-5-5', 1_920, 1_080, undefined, 2_768 - 77],
  ['claude-haiku-4-5', 1_280, 720, undefined, 1_261 - 65],
  ['us.anthropic.claude-haiku-4-5-20251001-v1:0', 1_920, 1_080, undefined, 1_625 - 65],
  ['claude-opus-4-8', 2_576, 1_449, undefined, 92 * 52],
  // Gemini: small, the example of its page, and by resolution.
  ['gemini-2.5-flash', 384, 384, undefined, 258],
  ['gemini-2.5-flash', 960, 540, undefined, 6 * 258],
  ['gemini-3.1-pro', 4_032, 3_024, undefined, 1_120],
  ['gemini-3.1-pro', 4_032, 3_024, 'low', 280],
] as const)(
  '%s sees %i × %i (detail: %s) as %i tokens',
  (model, width, height, detail, expected) => {
    expect(tokens(model, width, height, detail)).toBe(expected);
  },
);

test('an image never grows with its pixels beyond what the model looks at', () => {
  for (const model of ['gpt-4o', 'gpt-4.1-mini', 'claude-opus-4-8', 'claude-haiku-4-5']) {
    expect(tokens(model, 30_000, 30_000)).toBe(tokens(model, 8_000, 8_000));
    expect(tokens(model, 60_000, 1)).toBeGreaterThan(0);
  }
});

test('an image of unknown size counts as a screen', () => {
  expect(imageTokens({ provider: 'openai', model: 'gpt-4o' }, null)).toBe(
    tokens('gpt-4o', 1_920, 1_080),
  );
  expect(imageTokens({ provider: 'mistral', model: 'pixtral-large' }, null)).toBe(1_560);
});
