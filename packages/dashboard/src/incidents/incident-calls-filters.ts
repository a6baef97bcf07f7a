import type { Filter, Incident } from '@farthing/core';

/**
 * The calls that an incident is about. An agent's group has its calls without a feature; a group without
 * tags is that of calls with neither, or, of a price, all calls.
 */
export function filtersOf({ group, cause }: Pick<Incident, 'group' | 'cause'>): Filter[] {
  const named = Object.entries(group).map(([dimension, value]): Filter => ({
    dimension: dimension as Filter['dimension'],
    op: 'in',
    values: [value],
  }));
  if (group['feature'] !== undefined || cause === 'unit_price') return named;
  const without: Filter[] = (['feature', 'agent'] as const)
    .filter((dimension) => group[dimension] === undefined)
    .map((dimension) => ({ dimension, op: 'in', values: [null] }));
  return [...named, ...without];
}
