import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueForSchema } from './json-schema.js';
import { Random } from './random.js';
import { countTokens } from './tokens.js';
import { cutText, writeText } from './words.js';

describe('text', () => {
  test('has exactly the tokens asked for, one a piece', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(400), (seed, count) => {
        const pieces = writeText(new Random(seed), count);
        expect(pieces).toHaveLength(count);
        expect(countTokens(pieces.join(''))).toBe(count);
      }),
    );
  });

  test('reads as sentences of a usual length per token', () => {
    const text = writeText(new Random('sentences'), 2_000).join('');
    expect(text).toMatch(/^[A-Z][a-z]*( [a-z]+,?)+\./);
    expect(text.length / 2_000).toBeGreaterThan(3.5);
    expect(text.length / 2_000).toBeLessThan(5);
  });

  test('is cut into pieces without losing a character', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (seed, text) => {
        expect(cutText(new Random(seed), text).join('')).toBe(text);
      }),
    );
  });

  test('tokens of parts never add up to less than those of the whole', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (first, second) => {
        const whole = countTokens(first + second);
        expect(whole).toBeLessThanOrEqual(countTokens(first) + countTokens(second));
        expect(whole).toBeGreaterThanOrEqual(countTokens(first));
      }),
    );
  });
});

describe('randomness', () => {
  test('the same key gives the same numbers, another key gives others', () => {
    const numbers = (key: string): number[] => {
      const random = new Random(key);
      return Array.from({ length: 20 }, () => random.next());
    };
    expect(numbers('a')).toEqual(numbers('a'));
    expect(numbers('b')).not.toEqual(numbers('a'));
    expect(numbers('ab')).not.toEqual(numbers('ba'));
  });

  test('is even, and lognormal numbers have the median asked for', () => {
    const random = new Random('even');
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let index = 0; index < 20_000; index++) buckets[random.integer(0, 9)]!++;
    expect(Math.min(...buckets)).toBeGreaterThan(1_800);
    expect(Math.max(...buckets)).toBeLessThan(2_200);
    const drawn = Array.from({ length: 5_001 }, () => random.lognormal(300, 0.8));
    drawn.sort((a, b) => a - b);
    expect(drawn[2_500]).toBeGreaterThan(280);
    expect(drawn[2_500]).toBeLessThan(320);
  });
});

test('values fit their JSON Schema', () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: 'string' },
      kind: { enum: ['a', 'b'] },
      count: { type: 'integer', minimum: 3, maximum: 5 },
      maybe: { type: ['null', 'number'] },
      list: { type: 'array', items: { type: 'BOOLEAN' }, minItems: 3 },
      either: { anyOf: [{ const: 7 }, { type: 'string' }] },
    },
  };
  for (let seed = 0; seed < 50; seed++) {
    expect(valueForSchema(schema, new Random(String(seed)))).toEqual({
      name: expect.any(String),
      kind: expect.stringMatching(/^[ab]$/),
      count: expect.toSatisfy((count: number) => [3, 4, 5].includes(count)),
      maybe: expect.any(Number),
      list: [expect.any(Boolean), expect.any(Boolean), expect.any(Boolean)],
      either: 7,
    });
  }
  const recursive: Record<string, unknown> = { type: 'object' };
  recursive['properties'] = { self: recursive };
  expect(JSON.stringify(valueForSchema(recursive, new Random('deep')))).toContain('null');
});
