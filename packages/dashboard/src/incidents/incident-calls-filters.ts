import type { Filter, Incident } from '@farthing/core';

type About = Pick<Incident, 'group' | 'cause'>;

const filter = (dimension: Filter['dimension'], value: string | null): Filter => ({
  dimension,
  op: 'in',
  values: [value],
});

/**
 * The calls that an incident is about. A detector's group of an agent has its calls without a feature, and
 * one without tags those that belong to nobody; a rule's group has what it names.
 */
export function filtersOf({ group, cause }: About): Filter[] {
  const named = Object.entries(group).map(([dimension, value]) =>
    filter(dimension as Filter['dimension'], value),
  );
  if (cause === 'rule') return named;
  if (cause === 'unattributed') return [...named, filter('feature', null)];
  if (named.length === 0) return [filter('feature', null), filter('agent', null)];
  return named.length === 1 && group['agent'] !== undefined
    ? [...named, filter('feature', null)]
    : named;
}

/** The calls that its chart is over: which part of all calls is without a feature is asked of all. */
export const chartFilters = (about: About): Filter[] =>
  about.cause === 'unattributed' ? [] : filtersOf(about);
