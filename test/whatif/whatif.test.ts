import { expect, test } from 'vitest';
import { bill, billed, drawWork, errorOf, predict } from './ground-truth.js';

// The full workload is `npm run bench:what-if`; docs/benchmarks.md has its figures.
const work = drawWork(32);

test('what a workload would cost on another model is what it then costs there', async () => {
  const large = await bill(work, { provider: 'openai', model: 'gpt-4.1', fixedAnswers: true });
  const small = await bill(work, { provider: 'openai', model: 'gpt-4.1-mini', fixedAnswers: true });
  const answer = await predict(large, { model: 'gpt-4.1-mini' });
  expect(answer.actual_usd).toBe(billed(large));
  expect(answer.recomputed_usd).toBe(billed(large));
  // The same tokenizer, the same lengths: to the picodollar.
  expect(answer.repriced_usd.expected).toBe(billed(small));
  expect(answer.rows.map(({ exact }) => exact)).toEqual([true, true, true]);

  const elsewhere = await bill(work, {
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    fixedAnswers: true,
  });
  const moved = await predict(large, { model: 'claude-sonnet-4-5' });
  const actual = Number(billed(elsewhere));
  expect(Number(moved.repriced_usd.low)).toBeLessThanOrEqual(actual * 1.05);
  expect(Number(moved.repriced_usd.high)).toBeGreaterThanOrEqual(actual * 0.95);
});

test('what a cap on answers saves is what it then saves', async () => {
  const run = { provider: 'openai', model: 'gpt-4.1' } as const;
  const free = await bill(work, run);
  const capped = await bill(work, { ...run, maxTokens: 120 });
  const answer = await predict(free, { output_cap: 120 });
  expect(Number(answer.savings_usd.expected)).toBeGreaterThan(0);
  expect(Math.abs(errorOf(answer.repriced_usd.expected, billed(capped)))).toBeLessThan(0.05);
});
