import { expect, test } from 'vitest';
import { RecentIds } from './recent-ids.js';

test('the latest ids are remembered, the oldest forgotten', () => {
  const ids = new RecentIds(10);
  for (let count = 0; count < 95; count++) {
    ids.add(`${count}`);
    for (let back = 0; back < 10 && count - back >= 0; back++) {
      expect(ids.has(`${count - back}`)).toBe(true);
    }
  }
  expect(
    Array.from({ length: 95 }, (_, id) => ids.has(`${id}`)).filter(Boolean).length,
  ).toBeLessThan(20);
});
