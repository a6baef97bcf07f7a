import { DuckDBMapValue, type DuckDBValue } from '@duckdb/node-api';
import {
  formatUsd,
  promptSources,
  rowDrift,
  tagNames,
  type CallRow,
  type CostSource,
  type CostStatus,
  type Outcome,
  type Tags,
} from '@farthing/core';
import { callColumns, tagColumn } from './columns.js';
import { isoTime } from './time.js';

/** The columns that `readCallRow` expects, in their order. */
export const callRowColumns = callColumns.map(({ name }) => name).join(', ');

/** A row of `calls` as the rest of Farthing knows it: the same that `toCallRow` makes of its entry. */
export function readCallRow(values: readonly DuckDBValue[]): CallRow {
  const column = new Map(callColumns.map(({ name }, index) => [name, values[index] ?? null]));
  const value = (name: string): DuckDBValue => column.get(name) ?? null;
  const text = (name: string): string | null => value(name) as string | null;
  const word = (name: string): string => value(name) as string;
  const money = (name: string): string | null => formatOrNull(value(name) as bigint | null);
  const cost = value('cost') as bigint | null;
  const kind = value('adjustment') === true ? 'adjustment' : 'call';
  const estimated = money('estimated_cost');
  return {
    id: String(value('id')),
    kind,
    source: word('source'),
    started_at: isoTime(value('started_at')),
    recorded_at: isoTime(value('recorded_at')),
    adjusts: value('adjusts') === null ? null : String(value('adjusts')),
    duration_ms: Number(value('duration_ms')),
    first_byte_ms: value('first_byte_ms') as number | null,
    provider: word('provider'),
    api: word('api'),
    path: text('path'),
    stream: value('stream') as boolean,
    model_requested: text('model_requested'),
    model: text('model'),
    outcome: word('outcome') as Outcome,
    http_status: value('http_status') as number | null,
    error_type: text('error_type'),
    attempt: Number(value('attempt')),
    tags: readTags(text, value('custom')),
    tokens: value('tokens_output') === null ? null : readTokens(value),
    usage_estimated: value('usage_estimated') as boolean,
    prompt: value('prompt_calls') === null ? null : readPrompt(value),
    cost_usd: formatOrNull(cost),
    cost_status: word('cost_status') as CostStatus,
    cost_source: text('cost_source') as CostSource | null,
    cost_input_usd:
      cost === null
        ? null
        : formatUsd(
            (value('cost_input_uncached') as bigint) +
              (value('cost_cache_read') as bigint) +
              (value('cost_cache_write') as bigint),
          ),
    cost_cache_read_usd: money('cost_cache_read'),
    cost_cache_write_usd: money('cost_cache_write'),
    cost_output_usd: money('cost_output'),
    reported_usd: money('cost_reported'),
    list_usd: money('cost_list'),
    estimated_usd: estimated,
    cost_drift: rowDrift(kind, estimated, formatOrNull(cost)),
  };
}

function formatOrNull(amount: bigint | null): string | null {
  return amount === null ? null : formatUsd(amount);
}

function readTokens(value: (name: string) => DuckDBValue): NonNullable<CallRow['tokens']> {
  return {
    input_uncached: Number(value('tokens_input_uncached')),
    cache_read: Number(value('tokens_cache_read')),
    cache_write: Number(value('tokens_cache_write')),
    cache_write_5m: Number(value('tokens_cache_write_5m')),
    cache_write_1h: Number(value('tokens_cache_write_1h')),
    output: Number(value('tokens_output')),
    reasoning: Number(value('tokens_reasoning')),
  };
}

/** The table has what all the calls hold that the call stands for. */
function readPrompt(value: (name: string) => DuckDBValue): NonNullable<CallRow['prompt']> {
  const calls = Number(value('prompt_calls'));
  return Object.fromEntries(
    promptSources.map((source) => [source, Number(value(`prompt_${source}`)) / calls]),
  ) as NonNullable<CallRow['prompt']>;
}

function readTags(text: (name: string) => string | null, custom: DuckDBValue): Tags {
  const tags: Tags = {};
  for (const name of tagNames) {
    const tag = text(tagColumn(name));
    if (tag !== null) tags[name] = tag;
  }
  if (custom instanceof DuckDBMapValue && custom.entries.length > 0) {
    tags.custom = Object.fromEntries(
      custom.entries.map(({ key, value }) => [String(key), String(value)]),
    );
  }
  return tags;
}
