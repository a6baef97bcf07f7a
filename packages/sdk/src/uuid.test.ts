import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uuidAt } from './uuid.js';

test('ids are UUIDs of version 7 that hold their time and sort by it', () => {
  const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
  fc.assert(
    fc.property(time, time, (one, other) => {
      const id = uuidAt(one);
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      expect(Number.parseInt(id.slice(0, 13).replace('-', ''), 16)).toBe(one);
      if (one !== other) expect(id < uuidAt(other)).toBe(one < other);
    }),
  );
});

test('ids of one moment differ', () => {
  const ids = Array.from({ length: 2_000 }, () => uuidAt(1_795_000_000_000));
  expect(new Set(ids).size).toBe(ids.length);
});
