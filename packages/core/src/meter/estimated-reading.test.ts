import { expect, test } from 'vitest';
import { Estimator } from '../estimate/estimator.js';
import { estimateForEntry } from './estimated-reading.js';

// $1 and $10 for a million tokens.
const estimator = new Estimator(() => ({
  input: 1_000_000n,
  cacheRead: 1_000_000n,
  cacheWrite: 1_000_000n,
  cacheWrite1h: 1_000_000n,
  output: 10_000_000n,
}));

const estimate = estimator.estimate({
  provider: 'openai',
  model: 'large',
  tags: {},
  at: Date.parse('2026-11-20T12:00:00Z'),
  textBytes: 4_000,
  fileTokens: 0,
  maxOutput: null,
  caching: 'none',
  hasOutput: true,
});

test('an answer that a budget shortens is expected to cost what the shorter one does', () => {
  expect(estimateForEntry(estimate)).toMatchObject({
    input_tokens: 1_000,
    output_tokens: 500,
    usd: '0.006',
  });
  expect(estimateForEntry(estimate, 100)).toMatchObject({
    input_tokens: 1_000,
    output_tokens: 100,
    output_q99: 100,
    usd: '0.002',
  });
  expect(estimateForEntry(estimate, 4_000).usd, 'a limit above what is expected').toBe('0.006');
});
