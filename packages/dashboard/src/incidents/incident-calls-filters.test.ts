import { expect, it } from 'vitest';
import { chartFilters, filtersOf } from './incident-calls-filters.js';

const words = (filters: ReturnType<typeof filtersOf>) =>
  filters.map(({ dimension, values }) => `${dimension}=${values.join('')}`).join(' ');

it.each([
  [{ feature: 'search' }, 'output', 'feature=search'],
  [{ agent: 'helper' }, 'output', 'agent=helper feature='],
  [{ agent: 'helper' }, 'rule', 'agent=helper'],
  [{ model: 'gpt-5' }, 'unit_price', 'model=gpt-5'],
  [{}, 'cost', 'feature= agent='],
  [{}, 'rule', ''],
  [{}, 'unattributed', 'feature='],
] as const)('finds the calls of %j, found by %s', (group, cause, expected) => {
  expect(words(filtersOf({ group, cause }))).toBe(expected);
});

it('asks all calls which part of them is without a feature', () => {
  expect(chartFilters({ group: {}, cause: 'unattributed' })).toEqual([]);
  expect(words(chartFilters({ group: { feature: 'search' }, cause: 'cost' }))).toBe(
    'feature=search',
  );
});
