import { expect, test } from 'vitest';
import { ResponseIdFilter } from './response-id-filter.js';

test('notices every repeat, also beyond what it remembers exactly, and suspects few others', () => {
  const filter = new ResponseIdFilter();
  const ids = Array.from(
    { length: 60_000 },
    (_, index) => `chatcmpl-${(index * 7919) % 1_000_003}`,
  );
  const suspected = ids.filter((id) => filter.seen(id)).length;
  expect(suspected).toBeLessThan(60);
  expect(ids.every((id) => filter.seen(id))).toBe(true);
});
