/**
 * The second step: when each entry became known, what it adjusts and why, by how much it changes the numbers
 * of known and unknown costs, and its cost at list prices.
 *
 * What was booked before is as it was: known when the call ended, adjusting nothing, at list price.
 *
 * Columns are filled by UPDATE. Changing their type with USING would be one pass less, but the
 * database cannot replay that from its log: killed before the next checkpoint, it would not open again.
 */
export function restating(): string[] {
  return [
    'ALTER TABLE calls ADD COLUMN recorded_at TIMESTAMP',
    'ALTER TABLE calls ADD COLUMN adjusts UUID',
    'ALTER TABLE calls ADD COLUMN cause VARCHAR',
    'ALTER TABLE calls ADD COLUMN known_change TINYINT',
    'ALTER TABLE calls ADD COLUMN unknown_change TINYINT',
    'ALTER TABLE calls ADD COLUMN cost_list BIGINT',
    `UPDATE calls SET
       recorded_at = started_at + to_milliseconds(duration_ms),
       known_change = (cost IS NOT NULL)::TINYINT,
       unknown_change = cost_unknown::TINYINT,
       cost_list = cost`,
    'ALTER TABLE calls DROP COLUMN cost_unknown',
    ...['recorded_at', 'known_change', 'unknown_change'].map((name) => neverNull('calls', name)),
    ...['hourly', 'hourly_tenant'].flatMap((rollup) => [
      ...['adjustments', 'adjusted_cost', 'cost_list'].map(
        (name) => `ALTER TABLE ${rollup} ADD COLUMN ${name} BIGINT`,
      ),
      `UPDATE ${rollup} SET
         adjustments = 0, adjusted_cost = cost - cost_of_calls, cost_list = cost`,
      ...['adjustments', 'adjusted_cost', 'cost_list'].map((name) => neverNull(rollup, name)),
    ]),
  ];
}

function neverNull(table: string, column: string): string {
  return `ALTER TABLE ${table} ALTER COLUMN ${column} SET NOT NULL`;
}
