import { ruleLayer } from '@farthing/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepChecking } from './keep-checking.js';
import { PriceSource } from './price-source.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const hour = 3_600_000;

/** A URL that answers what `answer` says, and counts how often it is asked. */
async function source(answer: () => string) {
  let asked = 0;
  const made = new PriceSource({
    kind: 'url',
    name: 'https://prices.example.com/p.json',
    read: () => {
      asked += 1;
      // eslint-disable-next-line promise/prefer-await-to-then -- a failed fetch is a rejection
      return Promise.resolve().then(() => ({ text: answer() }));
    },
    parse: () => ({ layer: ruleLayer('override', 'p', []), notes: [] }),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    onChange: () => {},
  });
  await made.check();
  const stop = keepChecking({ source: made, location: null, path: null }, hour);
  await vi.advanceTimersByTimeAsync(0);
  asked = 0;
  return {
    stop,
    async askedWithin(milliseconds: number) {
      const before = asked;
      await vi.advanceTimersByTimeAsync(milliseconds);
      return asked - before;
    },
  };
}

test('a URL that is well is asked once an interval', async () => {
  const url = await source(() => '[]');
  expect(await url.askedWithin(hour - 1)).toBe(0);
  expect(await url.askedWithin(1)).toBe(1);
  expect(await url.askedWithin(10 * hour)).toBe(10);
  url.stop();
  expect(await url.askedWithin(10 * hour)).toBe(0);
});

test('one that fails is asked soon, then ever more seldom, and as before once it is well again', async () => {
  let failing = false;
  const url = await source(() => {
    if (failing) throw new Error('no');
    return '[]';
  });
  failing = true;
  expect(await url.askedWithin(hour)).toBe(1);
  expect(await url.askedWithin(30_000)).toBe(1);
  expect(await url.askedWithin(30_000)).toBe(0);
  expect(await url.askedWithin(30_000)).toBe(1);
  const inADay = await url.askedWithin(24 * hour);
  expect(inADay).toBeGreaterThan(20);
  expect(inADay).toBeLessThan(35);
  failing = false;
  await url.askedWithin(hour);
  expect(await url.askedWithin(10 * hour)).toBe(10);
});
