import { FarthingError, mostCostFloors, parseUsd, type CostFloors } from '@farthing/core';
import { dimensionSql } from './dimensions.js';
import type { Parameters } from './parameters.js';

/**
 * The rows of a source (calls as they stand) that cost more than the floor of their group. What no group
 * lets through is left out by the cost alone, before any group is looked up. Throws `invalid_query`.
 */
export function aboveFloors(source: string, floors: CostFloors, parameters: Parameters): string {
  const { dimensions, groups } = floors;
  if (groups.length > mostCostFloors) {
    throw invalid(`\`above\` has ${groups.length} groups; use at most ${mostCostFloors}.`);
  }
  const amounts = groups.map(({ above_usd: amount }) => parseUsd(amount));
  const names = new Set<string>();
  for (const { values } of groups) {
    if (values.length !== dimensions.length) {
      throw invalid(
        `\`above\` has a group of ${values.length} values for ${dimensions.length} dimensions; give one for each.`,
      );
    }
    const name = JSON.stringify(values);
    // Its calls would count twice.
    if (names.has(name)) throw invalid(`\`above\` names the group ${name} twice.`);
    names.add(name);
  }
  if (groups.length === 0) return `SELECT * FROM (${source}) WHERE false`;

  const least = amounts.reduce((a, b) => (b < a ? b : a));
  const rows = groups.map(
    ({ values }, index) =>
      `(${[
        ...values.map((value) => `${parameters.add(value)}::VARCHAR`),
        `${parameters.add(amounts[index]!)}::BIGINT`,
      ].join(', ')})`,
  );
  const columns = dimensions.map((_, index) => `floor_of_${index}`);
  const same = dimensions.map(
    (dimension, index) =>
      `(${dimensionSql(dimension, parameters, 'started_at')})::VARCHAR IS NOT DISTINCT FROM ${columns[index]}`,
  );
  return `SELECT * EXCLUDE (${[...columns, 'floor_amount'].join(', ')})
    FROM (SELECT * FROM (${source}) WHERE cost > ${parameters.add(least)}::BIGINT)
    JOIN (VALUES ${rows.join(', ')}) AS floors(${[...columns, 'floor_amount'].join(', ')})
      ON ${[...same, 'cost > floor_amount'].join(' AND ')}`;
}

function invalid(message: string): FarthingError {
  return new FarthingError('invalid_query', message);
}
