import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countItems, parseRange, scanJsonObject } from './scan-json.js';

function scan(text: string, keys: string[]): Record<string, unknown> | null {
  const bytes = Buffer.from(text);
  const scanned = scanJsonObject(bytes, new Set(keys));
  if (scanned === null) return null;
  return Object.fromEntries(
    [...scanned.values].map(([key, range]) => [key, parseRange(bytes, range)]),
  );
}

describe('scanning a JSON object', () => {
  test('finds wanted top-level values and passes over the rest', () => {
    const text =
      '{ "model" : "gpt-5" ,\n"messages":[{"model":"inner","x":"}]\\""}],"n":-1.5e3,"stream":true}';
    expect(scan(text, ['model', 'n', 'stream', 'absent'])).toEqual({
      model: 'gpt-5',
      n: -1500,
      stream: true,
    });
  });

  test('takes the last of repeated keys, as JSON.parse does', () => {
    expect(scan('{"model":"a","model":"b"}', ['model'])).toEqual({ model: 'b' });
  });

  test.each([
    '',
    '[]',
    '"x"',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,}',
    '{"a":"x}',
    '{"a":[1}',
    '{"a":1} x',
    '{a:1}',
  ])('refuses %s', (text) => expect(scan(text, ['a'])).toBeNull());

  test('agrees with JSON.parse on every object', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z_]{1,6}$/), fc.jsonValue()),
        fc.nat(4),
        (object, indent) => {
          const keys = Object.keys(object);
          const expected = JSON.parse(JSON.stringify(object)) as unknown;
          expect(scan(JSON.stringify(object, null, indent), keys)).toEqual(expected);
        },
      ),
    );
  });
});

describe('counting the items of an array', () => {
  test.each([
    ['[]', 0],
    ['[{}]', 1],
    ['[ {"b64_json":"a,b]"} , {"x":[1,2]}, "three", 4 ]', 4],
    ['{"a":1}', 0],
    ['"text"', 0],
  ])('%s has %i', (text, count) => {
    expect(countItems(Buffer.from(text), { start: 0, end: text.length })).toBe(count);
  });
});
