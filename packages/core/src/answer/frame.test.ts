import { describe, expect, test } from 'vitest';
import type { Query } from '../report/query.js';
import { buildFrame, frameOf, shareOf } from './frame.js';

const window = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-08T00:00:00.000Z' };
const now = '2026-03-09T00:00:00.000Z';
const row = {
  calls: 200,
  cost: '10',
  unpriced_calls: 10,
  unattributed_calls: 20,
  unattributed_cost: '2.5',
};

describe('the frame of an answer', () => {
  test('says how much of it has no price and belongs to nobody', () => {
    expect(frameOf(row, { window, now, estimated: ['Tokens of the other model.'] })).toEqual({
      window,
      filters: [],
      calls: 200,
      cost_usd: '10',
      unpriced: { calls: 10, share: 0.05 },
      unattributed: { calls: 20, cost_usd: '2.5', share: 0.25 },
      estimated: ['Tokens of the other model.'],
      notes: [],
    });
  });

  test('is asked for with the filters of the answer', async () => {
    const asked: Query[] = [];
    const filters = [{ dimension: 'feature' as const, op: 'in' as const, values: ['search'] }];
    const query = async (question: Query) => {
      asked.push(question);
      return { rows: [row], truncated: false, from: 'rollup' as const };
    };
    expect((await buildFrame({ query }, { window, filters, now })).filters).toEqual(filters);
    expect(asked).toMatchObject([{ window, filters }]);
  });

  test('an empty window, one call, no price and a time to come are said in words', () => {
    const notes = (changes: object, ends = window) =>
      frameOf({ ...row, ...changes }, { window: ends, now }).notes.join(' ');
    expect(notes({ calls: 0, unpriced_calls: 0 })).toContain('No calls in this window');
    expect(notes({ calls: 1, unpriced_calls: 0 })).toContain('one call');
    expect(notes({ calls: 3, unpriced_calls: 3 })).toContain('No call in this window has a known');
    expect(notes({}, { ...window, to: '2026-04-01T00:00:00.000Z' })).toContain('not over yet');
    const future = { from: '2026-04-01T00:00:00.000Z', to: '2026-05-01T00:00:00.000Z' };
    expect(notes({ calls: 0 }, future)).toBe(
      'The window lies in the future: nothing has happened in it yet.',
    );
  });

  test('calls without a price have no cost, and nothing has no share', () => {
    expect(frameOf({ ...row, unpriced_calls: 200 }, { window, now })).toMatchObject({
      cost_usd: null,
      unattributed: { share: null },
    });
    expect(frameOf({}, { window, now })).toMatchObject({
      calls: 0,
      cost_usd: null,
      unpriced: { share: null },
    });
    // Credits outweigh the cost: −$1 of which −$3 is unattributed is no share of 300 %.
    const credited = frameOf({ ...row, cost: '-1', unattributed_cost: '-3' }, { window, now });
    expect(credited.unattributed).toMatchObject({ cost_usd: '-3', share: null });
    expect(shareOf(1, 0)).toBeNull();
    expect(shareOf(0, 0)).toBeNull();
  });
});
