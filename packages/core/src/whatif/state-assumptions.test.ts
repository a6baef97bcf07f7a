import { expect, test } from 'vitest';
import type { ModelName } from '../pricing/model-prices.js';
import { stateAssumptions } from './state-assumptions.js';
import type { Compared } from './what-if.js';

const openai = (model: string): ModelName => ({ provider: 'openai', model });

function compared(source: ModelName, target: ModelName, reasoning = 0): Compared {
  const none = {
    input_uncached: 0,
    cache_read: 0,
    cache_write: 0,
    cache_write_5m: 0,
    cache_write_1h: 0,
  };
  const amount = { low: 1n, expected: 1n, high: 1n };
  return {
    cell: {
      group: {},
      source,
      api: 'responses',
      at: 0,
      inputOver: null,
      stated: false,
      usage: {
        calls: 1,
        unpriced: 0,
        tokens: { ...none, output: 9 },
        reasoning,
        cost: 1n,
        other: 0n,
      },
      prompt: null,
      outputOver: 0,
    },
    outcome: {
      actual: 1n,
      recomputed: 1n,
      repriced: amount,
      output: 1n,
      target,
      fees: 0n,
      exact: true,
    },
  };
}

const said = (...all: Compared[]) => stateAssumptions({}, all, 0n).join(' ');

test('a model that reasons where the one before did not is named', () => {
  expect(said(compared(openai('gpt-4.1'), openai('gpt-5-mini')))).toContain(
    'gpt-5-mini reasons before it answers, which gpt-4.1 did not',
  );
  // It was told not to reason, and the next model of the kind can be told the same.
  expect(said(compared(openai('gpt-5.5'), openai('gpt-5.6-terra')))).not.toContain('reason before');
  expect(said(compared(openai('o3'), openai('gpt-4.1'), 5))).toContain('may reason more, less');
});

test('models whose tokenizers differ alike share a sentence', () => {
  const claude = { provider: 'anthropic', model: 'claude-haiku-4-5' };
  const text = said(compared(openai('gpt-4.1'), claude), compared(openai('gpt-4o'), claude));
  expect(text.match(/Tokenizers differ/g)).toHaveLength(1);
  expect(text).toContain('what gpt-4.1, gpt-4o counted is taken times 1.10 (0.95 to 1.25)');
});

test('calls that stay as they were take nothing for granted', () => {
  expect(said(compared(openai('gpt-4.1'), openai('gpt-4.1')))).toBe('');
});
