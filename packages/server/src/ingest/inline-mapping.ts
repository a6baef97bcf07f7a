import { didYouMean, FarthingError } from '@farthing/core';
import { mappingSchema, timeUnits, type Mapping } from './mapping.js';

/** Names that `--map name=column` takes; any other is a tag. */
export const mappableNames = [
  'id',
  'started_at',
  'ended_at',
  'duration_ms',
  'provider',
  'model',
  'api',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'reasoning_tokens',
  'cost',
  'response_id',
] as const;
type MappableName = (typeof mappableNames)[number];

/** Other names for the same, as people write them. */
const otherNames: Readonly<Record<string, MappableName>> = {
  time: 'started_at',
  timestamp: 'started_at',
  cached_tokens: 'cache_read_tokens',
  cost_usd: 'cost',
};

/** What people write for a unit, and mean another name by. */
const otherUnits =
  /^(?:s|secs?|second|m?illis|ms|millisecond|us|micros?|microsecond|ns|nanos?|nanosecond|minutes?|hours?|days?|epoch|unix|date|datetime|timestamp)$/i;

/**
 * Reads `model=model_name,input_tokens=prompt_tokens,started_at=ts:seconds`: what stands where. A time
 * may say its unit. `input_includes_cache=false` says that the input excludes cached tokens. Throws
 * `invalid_mapping` with what is missing.
 */
export function readInlineMapping(text: string, name = 'custom'): Mapping {
  const fields = new Map<MappableName, string>();
  const tags: Record<string, string> = {};
  let includesCache = true;
  for (const part of text.split(',')) {
    const equals = part.indexOf('=');
    const given = part.slice(0, Math.max(0, equals)).trim();
    const column = part.slice(equals + 1).trim();
    if (equals <= 0 || column === '') {
      throw new FarthingError(
        'invalid_mapping',
        `--map: "${part.trim()}" is not name=column. Write it like model=model_name,input_tokens=prompt_tokens.`,
      );
    }
    if (given === 'input_includes_cache') includesCache = column !== 'false';
    else {
      const known = (mappableNames as readonly string[]).includes(given)
        ? (given as MappableName)
        : otherNames[given];
      if (known === undefined) tags[given] = column;
      else fields.set(known, column);
    }
  }
  const need = (field: MappableName, example: string): string => {
    const column = fields.get(field);
    if (column !== undefined) return column;
    throw new FarthingError(
      'invalid_mapping',
      `--map lacks ${field}: add ${field}=<column>, e.g. ${field}=${example}.${didYouMean(field, Object.keys(tags))}`,
    );
  };
  const optional = (field: MappableName, key: string) =>
    fields.has(field) ? { [key]: fields.get(field) } : {};
  const time = (column: string) => {
    const [, path, unit] = /^(.*):(\w+)$/.exec(column) ?? [];
    if (unit === undefined || path === '') return column;
    if ((timeUnits as readonly string[]).includes(unit)) return { path, unit };
    if (!otherUnits.test(unit)) return column;
    throw new FarthingError(
      'invalid_mapping',
      `--map: ${column}: "${unit}" is no unit of a time: ${timeUnits.join(', ')}.`,
    );
  };
  return mappingSchema.parse({
    name,
    started_at: time(need('started_at', 'created_at')),
    ...(fields.has('ended_at') ? { ended_at: time(fields.get('ended_at')!) } : {}),
    ...optional('id', 'id'),
    ...optional('duration_ms', 'duration_ms'),
    ...optional('provider', 'provider'),
    ...optional('model', 'model'),
    ...optional('api', 'api'),
    tokens: {
      input: need('input_tokens', 'prompt_tokens'),
      ...optional('output_tokens', 'output'),
      ...optional('cache_read_tokens', 'cache_read'),
      ...optional('cache_write_tokens', 'cache_write'),
      ...optional('reasoning_tokens', 'reasoning'),
      input_includes_cache: includesCache,
    },
    ...optional('cost', 'recorded_cost'),
    ...optional('response_id', 'response_id'),
    tags,
  });
}

/** Column names under which sources keep these, the most telling first. */
const usualColumns: Readonly<Record<MappableName, RegExp>> = {
  id: /^(?:request_?id|call_?id|id)$/i,
  started_at:
    /^(?:start(?:ed)?_?(?:at|time)|timestamp|time|ts|created_?(?:at|time)?|date(?:_?time)?|request_created_at)$/i,
  ended_at: /^(?:end(?:ed)?_?(?:at|time)|finished_?at|completed_?at)$/i,
  duration_ms: /^(?:duration_?ms|latency_?ms|elapsed_?ms|delay_ms)$/i,
  provider: /^(?:provider|custom_llm_provider|vendor|llm_provider|gen_ai\.system)$/i,
  model: /^(?:model(?:_?(?:name|id))?|response_?model|llm_?model|engine|deployment)$/i,
  api: /^(?:api|endpoint|call_type|operation)$/i,
  input_tokens:
    /^(?:.*\.)?(?:input_?tokens?|prompt_?tokens?|tokens_in|in_tokens|tokens_?prompt|context_?tokens|num_input_tokens|n_context_tokens_total)$/i,
  output_tokens:
    /^(?:.*\.)?(?:output_?tokens?|completion_?tokens?|tokens_out|out_tokens|tokens_?completion|generated_?tokens|num_output_tokens)$/i,
  cache_read_tokens:
    /^(?:.*\.)?(?:cache_?read(?:_?input)?_?tokens|cached_?(?:input_?)?tokens|input_cached_tokens)$/i,
  cache_write_tokens: /^(?:.*\.)?(?:cache_?(?:write|creation)(?:_?input)?_?tokens)$/i,
  reasoning_tokens: /^(?:.*\.)?(?:reasoning(?:_?output)?_?tokens|thinking_?tokens)$/i,
  response_id: /^(?:response_?id|message_?id|completion_?id)$/i,
  cost: /^(?:cost(?:_?usd)?|total_?cost(?:_?usd)?|spend|price(?:_?usd)?|usd|amount)$/i,
};

/** A `--map` out of the columns of a file: what was recognised, and what is missing. */
export function suggestMapping(columns: readonly string[]): {
  map: string;
  missing: MappableName[];
} {
  const used = new Set<string>();
  const pairs: string[] = [];
  const found = new Set<MappableName>();
  for (const name of mappableNames) {
    const column = columns.find(
      (candidate) => !used.has(candidate) && usualColumns[name].test(candidate),
    );
    if (column === undefined) continue;
    used.add(column);
    found.add(name);
    pairs.push(`${name}=${column}`);
  }
  const missing = (['started_at', 'model', 'input_tokens', 'output_tokens'] as const).filter(
    (name) => !found.has(name),
  );
  for (const name of missing) pairs.push(`${name}=?`);
  return { map: pairs.join(','), missing: [...missing] };
}
