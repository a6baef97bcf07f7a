import { expect, test } from 'vitest';
import { isFollowed, PrefixSampler } from './prefix-sampler.js';

const at = Date.UTC(2026, 2, 1);

test('under low load every conversation is followed', () => {
  const sampler = new PrefixSampler();
  const oneIn = Array.from({ length: 1_000 }, (_, index) =>
    sampler.oneIn(200_000, at + index * 200),
  );
  expect(Math.max(...oneIn)).toBe(1);
});

test('under load only as many bytes are read in a second as the limit says', () => {
  const limit = 1_000_000;
  const sampler = new PrefixSampler(limit);
  let read = 0;
  for (let index = 0; index < 30_000; index++) {
    const oneIn = sampler.oneIn(10_000, at + index);
    expect(Math.log2(oneIn) % 1).toBe(0);
    if (index >= 20_000) read += 10_000 / oneIn;
  }
  expect(read / 10).toBeLessThanOrEqual(limit * 1.05);
  expect(read / 10).toBeGreaterThan(limit / 2.1);
});

test('a conversation that is followed when one in eight is, is when one in two is', () => {
  const heads = Array.from({ length: 4_096 }, (_, index) => index.toString(36).padStart(8, 'Q'));
  for (const head of heads) if (isFollowed(head, 8)) expect(isFollowed(head, 2)).toBe(true);
});
