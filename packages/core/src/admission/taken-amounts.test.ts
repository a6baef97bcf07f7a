import { expect, test } from 'vitest';
import type { Entry } from '../entry.js';
import { takenAmounts } from './taken-amounts.js';

const entry = (usd: string | null, estimate?: Entry['estimate'], status = 'no_usage') =>
  ({ cost: { usd, status }, usage: null, estimate }) as Entry;
const image = { input_tokens: 0, output_tokens: 0, usd: '0.24', method: 'request' };
const held = { usd: 5n, tokens: 7n, calls: 1n };

test('a call takes what it cost', () => {
  expect(takenAmounts(entry('0.000000000003', image), held).usd).toBe(3n);
});

test('an unknown cost counts as held, and as estimated where nobody remembers the hold', () => {
  expect(takenAmounts(entry(null, image), held)).toEqual(held);
  expect(takenAmounts(entry(null, image), null).usd).toBe(240_000_000_000n);
  expect(takenAmounts(entry(null), null)).toEqual({ usd: 0n, tokens: 0n, calls: 1n });
});

test('what the provider certainly did not bill takes nothing, not even a call', () => {
  expect(takenAmounts(entry('0', image, 'not_billed'), held)).toEqual({
    usd: 0n,
    tokens: 0n,
    calls: 0n,
  });
});
