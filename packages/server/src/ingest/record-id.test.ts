import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalContent, hashContent, OccurrenceCounter, recordId } from './record-id.js';

test('occurrences are counted apart for every content, however many there are', () => {
  const counter = new OccurrenceCounter();
  const expected = new Map<number, number>();
  // Far beyond the table's first size, so that it grows several times.
  for (let step = 0; step < 60_000; step++) {
    const content = (step * 7919) % 25_000;
    const seen = expected.get(content) ?? 0;
    expected.set(content, seen + 1);
    if (counter.next(hashContent(content)) !== seen) expect.unreachable(`content ${content}`);
  }
  expect(expected.size).toBe(25_000);
});

test('content does not depend on the order of keys, and different values differ', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(canonicalContent(reversed(a))).toBe(canonicalContent(a));
      expect(canonicalContent(a) === canonicalContent(b)).toBe(
        canonicalContent(JSON.parse(JSON.stringify(a))) ===
          canonicalContent(JSON.parse(JSON.stringify(b))),
      );
      expect(JSON.parse(canonicalContent(a))).toEqual(JSON.parse(JSON.stringify(a)));
    }),
  );
});

test('ids are UUIDs of version 8 and differ by source, content and occurrence', () => {
  const hash = hashContent({ a: 1 });
  const ids = [
    recordId('aider', hash, 0),
    recordId('aider', hash, 1),
    recordId('other', hash, 0),
    recordId('aider', hashContent({ a: 2 }), 0),
  ];
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => reversed(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reversed(item)]),
  );
}
