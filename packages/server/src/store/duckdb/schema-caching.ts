/**
 * The step of caching: what caching returned on each call, by its own charges, and how its prompt begins.
 * What was booked before has neither: its return is worked out from sums, and no setting is judged by it.
 */
export function caching(): string[] {
  return [
    ...returns.map((name) => `ALTER TABLE calls ADD COLUMN ${name} BIGINT`),
    'ALTER TABLE calls ADD COLUMN prefixes VARCHAR',
    'ALTER TABLE calls ADD COLUMN conversation INTEGER',
    ...['hourly', 'hourly_tenant'].flatMap((rollup) =>
      returns.map((name) => `ALTER TABLE ${rollup} ADD COLUMN ${name} BIGINT DEFAULT 0`),
    ),
  ];
}

const returns = ['cache_saved', 'cache_premium', 'cache_valued_tokens'];
