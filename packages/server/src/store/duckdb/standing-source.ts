import type { QuerySource, Scope } from './query-source.js';
import { inScope } from './query-source.js';
import type { Parameters } from './parameters.js';

const counts = [
  'tokens_input_uncached',
  'tokens_cache_read',
  'tokens_cache_write',
  'tokens_cache_write_5m',
  'tokens_cache_write_1h',
  'tokens_output',
  'tokens_reasoning',
] as const;

const amounts = [
  'cost',
  'cost_input_uncached',
  'cost_cache_read',
  'cost_cache_write',
  'cost_output',
  'cost_other',
  'cost_list',
] as const;

/**
 * The calls of a scope as they stand by all that is known in it: one row for each, tokens and amounts
 * after its adjustments.
 *
 * @param adjusted whether the scope holds adjustments of calls (`anyAdjusted`); else the calls are read
 * as they are, which takes no join.
 */
export function standingSource(
  scope: Scope,
  adjusted: boolean,
  parameters: Parameters,
): QuerySource {
  const condition = inScope(scope, parameters);
  const shape = { time: 'started_at', shape: 'calls', from: 'calls' } as const;
  if (!adjusted) {
    return { ...shape, sql: `SELECT * FROM calls WHERE NOT adjustment AND ${condition}` };
  }
  const later = [...counts, ...amounts, 'known_change', 'unknown_change'];
  return {
    ...shape,
    sql: `SELECT calls.* REPLACE (
        ${[
          ...counts.map((name) => `${restated(name)} AS ${name}`),
          ...amounts.map(
            (name) =>
              `CASE WHEN ${changed('known_change')} > 0 THEN ${restated(name)} END AS ${name}`,
          ),
          ...['known_change', 'unknown_change'].map(
            (name) => `(${changed(name)})::TINYINT AS ${name}`,
          ),
        ].join(',\n        ')})
      FROM calls LEFT JOIN (
        SELECT adjusts AS adjusted, ${later.map((name) => `sum(${name}) AS later_${name}`).join(', ')}
        FROM calls WHERE adjusts IS NOT NULL AND ${condition} GROUP BY adjusts
      ) ON calls.id = adjusted
      WHERE NOT adjustment AND ${condition}`,
  };
}

/** A sum that a column cannot hold is not known rather than wrong. */
function restated(name: string): string {
  return `CASE WHEN calls.${name} IS NOT NULL OR later_${name} IS NOT NULL
    THEN TRY_CAST(${changed(name)} AS BIGINT) END`;
}

function changed(name: string): string {
  return `coalesce(calls.${name}, 0) + coalesce(later_${name}, 0)`;
}
