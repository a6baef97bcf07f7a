import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BackwardText } from './backward-text.fixture.js';
import { itemsFromEnd } from './scan-json-backwards.js';
import { itemRanges } from './scan-json.js';

function texts(json: string): string[] {
  const source = new BackwardText(json);
  return [...itemsFromEnd(source, { start: 0, end: json.length })].map(({ start, end }) =>
    source.textOf(start, end),
  );
}

describe('reading a list from its end', () => {
  it('finds what reading from the front finds, last first', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.jsonValue(), fc.string({ unit: 'grapheme' }))),
        fc.constantFrom(undefined, 2),
        (items, spaces) => {
          const json = JSON.stringify(items, null, spaces);
          const source = new BackwardText(json);
          const forward = itemRanges(source, { start: 0, end: json.length });
          const backward = [...itemsFromEnd(source, { start: 0, end: json.length })];
          expect(backward.toReversed()).toEqual(forward);
        },
      ),
    );
  });

  it('is not deceived by quotes, brackets and backslashes in texts', () => {
    expect(texts('["a\\\\", "\\"]", {"b": "}\\\\\\""}, []]')).toEqual([
      '[]',
      '{"b": "}\\\\\\""}',
      '"\\"]"',
      '"a\\\\"',
    ]);
  });

  it.each(['[]', '{"a":1}', '"a"', '7'])('finds nothing in %s', (json) => {
    expect(texts(json)).toEqual([]);
  });
});
