import { describe, expect, it } from 'vitest';
import type { QueryRow } from '../report/query.js';
import { readCells } from './read-cells.js';

const row = (changes: QueryRow): QueryRow => ({
  feature: 'search',
  provider: 'openai',
  model: 'gpt-5-mini',
  template_version: 'v1',
  api: 'responses',
  cost_status: 'priced',
  calls: 100,
  errors: 0,
  retries: 0,
  unpriced_calls: 0,
  cost: '1',
  cost_input_uncached: '0.6',
  cost_output: '0.4',
  tokens_input_uncached: 60_000,
  tokens_output: 4_000,
  ...changes,
});
const free: QueryRow = {
  cost_status: 'not_billed',
  cost: '0',
  cost_input_uncached: '0',
  cost_output: '0',
  tokens_input_uncached: 0,
  tokens_output: 0,
};
const only = (...rows: QueryRow[]) => {
  const cells = [...readCells(rows, 'feature').values()];
  expect(cells).toHaveLength(1);
  return cells[0]!.cell;
};

describe('what of the rows is a call, and what is a retry', () => {
  it('calls that the provider does not bill are no attempts', () => {
    const cell = only(row({}), row({ ...free, calls: 30, errors: 30 }));
    expect(cell).toMatchObject({ served: 100, attempts: 100, priced: 100 });
  });

  it('a retry after a failure that cost nothing is not one more billed attempt', () => {
    const cell = only(row({ retries: 10 }), row({ ...free, calls: 10, errors: 10 }));
    expect(cell).toMatchObject({ served: 100, attempts: 100 });
  });

  it('a retry after an answer that was billed is', () => {
    expect(only(row({ retries: 40 }))).toMatchObject({ served: 60, attempts: 100 });
  });

  it('retries whose first attempts are all outside of the window count as calls', () => {
    expect(only(row({ retries: 100 }))).toMatchObject({ served: 100, attempts: 100 });
  });
});

describe('what is known of the cost', () => {
  const unpriced: QueryRow = {
    cost_status: 'unknown_model',
    unpriced_calls: 50,
    calls: 50,
    cost: null,
    cost_input_uncached: null,
    cost_output: null,
    tokens_input_uncached: 30_000,
    tokens_output: 2_000,
  };

  it('calls without a price are attempts, and their tokens are in no length', () => {
    const cell = only(row({}), row(unpriced));
    expect(cell).toMatchObject({ attempts: 150, priced: 100 });
    expect(cell.tokens).toMatchObject({ uncached: 60_000, output: 4_000 });
  });

  it('a call that got its price later is priced, with its tokens', () => {
    const adjustment = row({
      calls: 0,
      unpriced_calls: -50,
      cost: '0.5',
      cost_input_uncached: '0.3',
      cost_output: '0.2',
      tokens_input_uncached: 0,
      tokens_output: 0,
    });
    const cell = only(row(unpriced), adjustment);
    expect(cell).toMatchObject({ attempts: 50, priced: 50 });
    expect(cell.tokens).toMatchObject({ uncached: 30_000, output: 2_000 });
    expect(cell.cost).toMatchObject({ uncached: 300_000_000_000n, output: 200_000_000_000n });
  });

  it('what the charges for tokens do not explain is other', () => {
    expect(only(row({ cost: '1.25' })).other).toBe(250_000_000_000n);
  });

  it('amounts that belong to no call are kept apart', () => {
    const credit = row({ api: 'manual', calls: 0, cost: '-3', cost_input_uncached: '0' });
    const cell = only(row({}), credit);
    expect(cell.stated).toBe(-3_000_000_000_000n);
    expect(cell.other).toBe(0n);
  });

  it('an adjustment whose call is not here is such an amount, too', () => {
    const cell = only(row({ calls: 0, cost: '0.5', cost_input_uncached: '0.5', cost_output: '0' }));
    expect(cell).toMatchObject({ attempts: 0, stated: 500_000_000_000n });
  });
});
