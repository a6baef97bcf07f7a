import { expect, test, vi } from 'vitest';
import type { Entry } from '@farthing/core';
import { runWorkload } from '../cache/run-workload.js';
import { requestsOf, workload, type Caching } from '../cache/workload.js';
import { billed, errorOf, predict } from './ground-truth.js';

/** Hours of traffic pass in seconds: only the clock is set, everything else is real. */
const calls = workload(0.4).filter(({ feature }) => feature === 'agent');

async function run(caching: Caching): Promise<Entry[]> {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    return await runWorkload(calls, requestsOf(calls, caching), (at) => vi.setSystemTime(at));
  } finally {
    vi.useRealTimers();
  }
}

test('what caching would have cost is what it then costs at a provider with a true cache', async () => {
  const plain = await run('none');
  const answer = await predict(plain, { cache: '5m' });
  expect(answer.actual_usd).toBe(billed(plain));
  const then = billed(await run('5m'));
  expect(Math.abs(errorOf(answer.repriced_usd.expected, then))).toBeLessThan(0.05);
  expect(Number(answer.repriced_usd.low)).toBeLessThan(Number(answer.repriced_usd.expected));
  expect(answer.frame.notes.join(' ')).not.toContain('stays as it was');
});
