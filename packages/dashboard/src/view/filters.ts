import type { Dimension, Filter } from '@farthing/core';

/** Adds a value to the filter of its dimension, or takes it away when it is there already. */
export function toggleValue(
  filters: readonly Filter[],
  dimension: Dimension,
  value: string | null,
  op: Filter['op'] = 'in',
): Filter[] {
  const existing = filters.find((filter) => filter.dimension === dimension && filter.op === op);
  if (!existing) return [...filters, { dimension, op, values: [value] }];
  const values = existing.values.includes(value)
    ? existing.values.filter((each) => each !== value)
    : [...existing.values, value];
  return filters.flatMap((filter) =>
    filter !== existing ? [filter] : values.length === 0 ? [] : [{ ...filter, values }],
  );
}

/** Whether the reader filtered for this very value. */
export const hasValue = (
  filters: readonly Filter[],
  dimension: Dimension,
  value: string | null,
): boolean =>
  filters.some(
    (filter) =>
      filter.dimension === dimension && filter.op === 'in' && filter.values.includes(value),
  );

/** Switches a filter between "is" and "is not", merging with one that is already there. */
export function invert(filters: readonly Filter[], target: Filter): Filter[] {
  const rest = filters.filter((filter) => filter !== target);
  return target.values.reduce<Filter[]>(
    (result, value) =>
      result.some(
        (filter) =>
          filter.dimension === target.dimension &&
          filter.op !== target.op &&
          filter.values.includes(value),
      )
        ? result
        : toggleValue(result, target.dimension, value, target.op === 'in' ? 'not_in' : 'in'),
    rest,
  );
}
