/**
 * The second step: when each entry became known, what it adjusts and why, by how much it changes the numbers
 * of known and unknown costs, and its cost at list prices. Columns are filled by changing their type,
 * which rewrites that column alone and in one pass.
 *
 * What was booked before is as it was: known when the call ended, adjusting nothing, at list price.
 */
export function restating(): string[] {
  return [
    ...column('calls', 'recorded_at', 'TIMESTAMP', 'started_at + to_milliseconds(duration_ms)'),
    'ALTER TABLE calls ADD COLUMN adjusts UUID',
    'ALTER TABLE calls ADD COLUMN cause VARCHAR',
    ...column('calls', 'known_change', 'TINYINT', '(cost IS NOT NULL)::TINYINT'),
    ...column('calls', 'unknown_change', 'TINYINT', 'cost_unknown::TINYINT'),
    'ALTER TABLE calls DROP COLUMN cost_unknown',
    'ALTER TABLE calls ADD COLUMN cost_list BIGINT',
    'ALTER TABLE calls ALTER COLUMN cost_list TYPE BIGINT USING cost',
    ...['hourly', 'hourly_tenant'].flatMap((rollup) => [
      ...column(rollup, 'adjustments', 'BIGINT', '0'),
      ...column(rollup, 'adjusted_cost', 'BIGINT', 'cost - cost_of_calls'),
      ...column(rollup, 'cost_list', 'BIGINT', 'cost'),
    ]),
  ];
}

/** Adds a column that is never null, with a value made from the row's others. */
function column(table: string, name: string, type: string, value: string): string[] {
  return [
    `ALTER TABLE ${table} ADD COLUMN ${name} ${type}`,
    `ALTER TABLE ${table} ALTER COLUMN ${name} TYPE ${type} USING ${value}`,
    `ALTER TABLE ${table} ALTER COLUMN ${name} SET NOT NULL`,
  ];
}
