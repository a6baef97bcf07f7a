import { expect, test } from 'vitest';
import type { DecisionStep } from '@farthing/core';
import { renderHistory } from './render-decision.js';

function told(steps: DecisionStep[]): string {
  const decision = {
    call: 'call-1',
    at: '2026-11-20T12:00:00.000Z',
    outcome: 'admitted',
    provider: 'openai',
    model: 'small',
    model_requested: 'large',
    tags: {},
    steps,
    accounts: [],
    warnings: [],
    times: 1,
  } as const;
  const table = renderHistory([decision as never], { tty: false, color: false } as never);
  return table.split('\n')[1]!.split('admitted  ')[1]!;
}

test('history says what became of a call in words of people, not step by step', () => {
  const hold = { do: 'hold', usd: '0.1', tokens: 10 } as const;
  const cap = { do: 'cap', budget: 'team', expected_usd: '0.2', max_usd: '0.1' } as const;
  expect(
    told([
      { ...hold, model: 'large', max_output: 90 },
      { do: 'downgrade', budget: 'team', from: 'large', to: 'medium' },
      cap,
      { do: 'downgrade', budget: 'team', from: 'medium', to: 'small' },
      { do: 'truncate', budget: 'team', from_input_tokens: 4_000, to_input_tokens: 1_500 },
      { ...hold, model: 'small', max_output: 40 },
    ]),
  ).toBe('downgraded to small, history cut to 1,500, max_tokens 40');
});
