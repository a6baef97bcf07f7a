import { describe, expect, it } from 'vitest';
import { placeOf, ratioWords } from './bias-words.js';
import { modelsOf, readRequest } from './read-request.js';
import { partsOf } from '../calls/prompt-facts.js';

describe('a pasted request', () => {
  it('is an object, or says what is wrong with it', () => {
    expect(readRequest('{"model":"gpt-4.1"}').request).toEqual({ model: 'gpt-4.1' });
    expect(readRequest('').problem).toContain('Paste a request body');
    expect(readRequest('{"model":').problem).toContain('This is no JSON yet');
    expect(readRequest('[1]').problem).toContain('is an object');
  });

  it('takes models with commas or blanks, each once', () => {
    expect(modelsOf(' gpt-4.1, gpt-4.1-mini  gpt-4.1,, ')).toEqual(['gpt-4.1', 'gpt-4.1-mini']);
  });
});

it('twice and half of what was expected stand equally far from the middle', () => {
  expect(placeOf(1)).toBe(0.5);
  expect(placeOf(2) - 0.5).toBeCloseTo(0.5 - placeOf(0.5));
  expect([placeOf(100), placeOf(0.001)]).toEqual([1, 0]);
  expect(ratioWords(1.4167)).toBe('1.42 ×');
});

it('the sources of a call are shares of what it had, without those that it had not', () => {
  expect(partsOf({ system: 300, user: 100, history: 0, calls: 4 })).toEqual([
    { source: 'system', tokens: 300, share: 0.75 },
    { source: 'user', tokens: 100, share: 0.25 },
  ]);
});
