import { expect, test } from 'vitest';
import { configSchema } from '../config/index.js';
import { demoBreakers, demoBudgets } from './budgets.js';
import { loopingRun } from './live-loop.js';

test('the demo’s budgets and breaker are ones that farthing.yaml takes', () => {
  const read = configSchema.safeParse({ budgets: demoBudgets(3.2), breakers: demoBreakers() });
  expect(read.error?.issues).toBeUndefined();
});

test('the researcher’s limit lies just above what it spent, and is never nothing', () => {
  const limitAt = (spent: number) =>
    demoBudgets(spent).find(({ name }) => name === 'researcher')!['limit'] as number;
  expect(limitAt(9)).toBeCloseTo(10, 5);
  expect(limitAt(0)).toBeGreaterThan(0);
});

test('a loop is the same for the same seed, of one run, and sends more each time', () => {
  const calls = loopingRun('a', 0);
  expect(calls).toEqual(loopingRun('a', 0));
  expect(loopingRun('b', 0)).not.toEqual(calls);
  expect(new Set(calls.map(({ tags }) => tags.run)).size).toBe(1);
  const sizes = calls.map(({ tokens }) => tokens.input);
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  expect(sizes.at(-1)).toBeGreaterThan(5 * sizes[0]!);
});
