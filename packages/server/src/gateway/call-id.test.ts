import { expect, test } from 'vitest';
import { newCallId } from './call-id.js';

test('ids of calls are version 7, differ and rise', () => {
  const before = Date.now();
  const ids = Array.from({ length: 2_000 }, newCallId);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-/);
  const time = Number.parseInt(ids[0]!.replaceAll('-', '').slice(0, 12), 16);
  expect(time).toBeGreaterThanOrEqual(before);
});
