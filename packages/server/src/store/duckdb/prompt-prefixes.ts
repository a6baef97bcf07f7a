import {
  bitsOf,
  FarthingError,
  type Entry,
  type PrefixedCall,
  type PrefixSearch,
  type PromptPrefixes,
} from '@farthing/core';
import type { Database } from './database.js';
import { decodeDimension, dimensionSql, filterSql } from './dimensions.js';
import { Parameters } from './parameters.js';
import { withRunOutcome } from './query-source.js';
import { within } from './time.js';

const highestLimit = 100_000;
const mostKeys = 64;

/** How prompts begin, of the calls that have it, in the order of their times. */
export async function findPrefixes(
  database: Database,
  search: PrefixSearch,
): Promise<PrefixedCall[]> {
  const { window, filters = [], dimensions, one_in: oneIn = 1, limit } = search;
  if (!Number.isInteger(limit) || limit < 1 || limit > highestLimit) {
    throw invalid(`\`limit\` is ${limit}; use a whole number from 1 to ${highestLimit}.`);
  }
  if (!Number.isInteger(oneIn) || oneIn < 1) {
    throw invalid(`\`one_in\` is ${oneIn}; use a whole number of at least 1.`);
  }
  const parameters = new Parameters();
  const columns = dimensions.map((name) => dimensionSql(name, parameters, 'started_at'));
  const conditions = [
    'prefixes IS NOT NULL',
    within(window, parameters),
    ...filters.map((filter) => filterSql(filter, parameters)),
    ...(oneIn === 1 ? [] : [`conversation % ${oneIn} = 0`]),
  ];
  const goesByOutcome = [...dimensions, ...filters.map(({ dimension }) => dimension)].includes(
    'run_outcome',
  );
  const source = goesByOutcome
    ? `(${withRunOutcome('SELECT * FROM calls', null, parameters)})`
    : 'calls';
  const rows = await database.read(
    `SELECT ${['epoch_ms(started_at)', 'provider', 'model', inputTokens, 'prefixes', ...columns].join(', ')}
      FROM ${source} WHERE ${conditions.join(' AND ')} ORDER BY started_at, id LIMIT ${limit}`,
    parameters.values,
  );
  return rows.map(([at, provider, model, input, prefixes, ...values]) => ({
    at: Number(at),
    group: Object.fromEntries(
      dimensions.map((name, index) => [name, decodeDimension(name)(values[index] ?? null)]),
    ),
    provider: String(provider),
    model: model == null ? null : String(model),
    input: Number(input),
    prefixes: JSON.parse(String(prefixes)) as PromptPrefixes,
  }));
}

const inputTokens = [
  'tokens_input_uncached',
  'tokens_cache_read',
  'tokens_cache_write',
  'tokens_cache_write_5m',
  'tokens_cache_write_1h',
]
  .map((column) => `coalesce(${column}, 0)`)
  .join(' + ');

/**
 * As the table keeps them, with a number that all calls of a conversation share and that is as good as random.
 * Null for what makes no sense: no prefix keeps a call out of the books.
 */
export function prefixesOf({ prefixes }: Entry): {
  prefixes: string | null;
  conversation: number | null;
} {
  if (prefixes === undefined || !isWhole(prefixes)) return { prefixes: null, conversation: null };
  return {
    prefixes: JSON.stringify(prefixes),
    conversation: bitsOf(prefixes.keys[prefixes.head - 1]!),
  };
}

function isWhole({ keys, tokens, head, calls = 1, repeated = 0 }: PromptPrefixes): boolean {
  return (
    Array.isArray(keys) &&
    Array.isArray(tokens) &&
    keys.length > 0 &&
    keys.length <= mostKeys &&
    keys.length === tokens.length &&
    keys.every((key) => typeof key === 'string' && key.length <= 16) &&
    [...tokens, head, calls, repeated].every(
      (count) => Number.isSafeInteger(count) && count >= 0,
    ) &&
    head >= 1 &&
    head <= keys.length
  );
}

function invalid(message: string): FarthingError {
  return new FarthingError('invalid_query', message);
}
