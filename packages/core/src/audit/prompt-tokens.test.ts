import { describe, expect, test } from 'vitest';
import { promptTokens } from './prompt-tokens.js';

const sizes = { system: 4_000, tools: 0, context: 2_000, history: 0, user: 2_000, files: 0 };

describe('input tokens by source', () => {
  test('are what the provider counted, divided by the sizes of the parts', () => {
    expect(promptTokens(sizes, 1_000)).toEqual({ system: 500, context: 250, user: 250 });
  });

  test('that the request names and does not hold are what the visible parts cannot have come to', () => {
    expect(promptTokens(sizes, 10_000, 'history')).toEqual({
      system: 1_000,
      context: 500,
      history: 8_000,
      user: 500,
    });
  });

  test('are all visible where the count leaves no room for hidden ones', () => {
    expect(promptTokens(sizes, 1_000, 'history')).toEqual(promptTokens(sizes, 1_000));
  });
});
