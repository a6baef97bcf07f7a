import type { Filter, Query } from '@farthing/core';
import { describe, expect, test } from 'vitest';
import { planOnePass } from './one-pass.js';

const window = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-08T00:00:00.000Z' };
const carrying: Filter = { dimension: 'run', op: 'not_in', values: [null] };
const scope = { window, filters: [carrying] };
const list: Query = { ...scope, measures: ['cost'], dimensions: ['run'], limit: 20 };
const groups: Query = {
  ...scope,
  measures: ['cost', 'runs', 'calls'],
  dimensions: ['feature', 'run_outcome'],
};
const totals: Query = { ...scope, measures: ['cost', 'runs'], dimensions: ['run_outcome'] };

describe('one pass', () => {
  test('answers what asks for sums of the same runs, whatever stands between', () => {
    const other: Query = { window, measures: ['cost'] };
    expect(planOnePass([list, other, groups, totals])?.places).toEqual([0, 2, 3]);
  });

  test.each<[string, Query]>([
    ['other times', { ...list, window: { ...window, to: '2026-03-09T00:00:00.000Z' } }],
    ['other knowledge', { ...list, as_of: '2026-03-09T00:00:00.000Z' }],
    ['other calls', { ...list, filters: [] }],
    ['a percentile', { ...list, measures: ['cost_p50'] }],
    ['what adjustments restate', { ...list, measures: ['cost_max'] }],
    ['sessions', { ...list, measures: ['sessions'] }],
    ['buckets of time', { ...list, bucket: 'day' }],
    ['dear calls alone', { ...list, above: { dimensions: [], groups: [] } as never }],
    ['runs by something else at once', { ...list, dimensions: ['run', 'model'] }],
    ['other groups', { ...groups, dimensions: ['model'] }],
  ])('does not answer %s', (_, query) => {
    expect(planOnePass([groups, query])).toBeNull();
  });

  test('is not made for a single query, or none', () => {
    expect(planOnePass([groups])).toBeNull();
    expect(planOnePass([])).toBeNull();
  });
});
