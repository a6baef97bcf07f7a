import { expect, test } from 'vitest';
import type { Entry } from '../entry.js';
import { isCounted, sharedBudgetsTag, takenAmounts } from './taken-amounts.js';

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

test('calls count as they are made, wherever they were made; history and corrections do not', () => {
  const counts = (source: string, kind = 'call') =>
    isCounted({ source, kind, tags: {} } as unknown as Entry, 'acme');
  expect([counts('gateway'), counts('sdk'), counts('import:aider')]).toEqual([true, true, false]);
  expect(counts('gateway', 'adjustment')).toBe(false);
});

test('a call that an app has counted in the same shared balances is not counted again', () => {
  const counts = (source: string, namespace?: string) =>
    isCounted(
      {
        source,
        kind: 'call',
        tags: { custom: { [sharedBudgetsTag]: 'acme' } },
      } as unknown as Entry,
      namespace,
    );
  expect(counts('sdk', 'acme')).toBe(false);
  // Others know nothing of those balances; and what a caller of a gateway says of itself is no matter.
  expect([counts('sdk'), counts('sdk', 'other'), counts('gateway', 'acme')]).toEqual([
    true,
    true,
    true,
  ]);
});
