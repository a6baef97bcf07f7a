import type { Filter } from '@farthing/core';

/** Which calls were asked for, as it is typed: `feature=search, environment!=staging`. */
export function filterText(filters: readonly Filter[]): string {
  return filters
    .map(
      ({ dimension, op, values }) =>
        `${dimension}${op === 'not_in' ? '!=' : '='}${values.map((value) => value ?? '').join(',')}`,
    )
    .join(', ');
}
