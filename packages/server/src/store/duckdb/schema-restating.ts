/**
 * The second step: when each entry became known, what it adjusts and why, by how much it changes the numbers
 * of known and unknown costs, and its cost at list prices.
 *
 * What was booked before is as it was: known when the call ended, adjusting nothing, at list price.
 *
 * Each table is copied into its new shape. Filling added columns by changing their type with USING
 * would be less work, but the database cannot replay that from its log: killed before the next
 * checkpoint, it would not open again. Nor can a column be constrained after an UPDATE of its table.
 */
export function restating(): string[] {
  return [
    ...copied('calls', '* EXCLUDE (cost_unknown)', {
      recorded_at: 'started_at + to_milliseconds(duration_ms)',
      adjusts: 'NULL::UUID',
      cause: 'NULL::VARCHAR',
      known_change: '(cost IS NOT NULL)::TINYINT',
      unknown_change: 'cost_unknown::TINYINT',
      cost_list: 'cost',
    }),
    ...['hourly', 'hourly_tenant'].flatMap((rollup) =>
      copied(rollup, '*', {
        adjustments: '0::BIGINT',
        adjusted_cost: 'cost - cost_of_calls',
        cost_list: 'cost',
      }),
    ),
  ];
}

/** Replaces a table by a copy with more columns, each made from the row's others. */
function copied(table: string, kept: string, added: Readonly<Record<string, string>>): string[] {
  const columns = Object.entries(added).map(([name, value]) => `${value} AS ${name}`);
  return [
    `CREATE TABLE ${table}_restated AS SELECT ${[kept, ...columns].join(', ')} FROM ${table}`,
    `DROP TABLE ${table}`,
    `ALTER TABLE ${table}_restated RENAME TO ${table}`,
  ];
}
