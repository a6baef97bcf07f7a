import {
  BIGINT,
  BOOLEAN,
  DuckDBMapValue,
  DuckDBTimestampValue,
  INTEGER,
  MAP,
  TIMESTAMP,
  TINYINT,
  USMALLINT,
  UUID,
  VARCHAR,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import {
  tagNames,
  promptSources,
  type AdjustmentCause,
  type CacheReturn,
  type CallRow,
  type CostByKind,
  type CostChange,
  type Picodollars,
  type PromptTokens,
  type Tags,
} from '@farthing/core';
import { readUuid } from './uuid.js';

/** An entry made ready for the table: its flat row, its exact amounts and where its line stands. */
export interface PreparedCall {
  row: CallRow;
  cost: CostByKind | null;
  reported: Picodollars | null;
  list: Picodollars | null;
  change: CostChange;
  cause: AdjustmentCause | null;
  /**
   * Null where nothing is compared with an estimate; the cost, where there was no price; the tokens, where
   * the estimate is of a price alone (images).
   */
  estimate: { cost: Picodollars | null; input: number | null; output: number | null } | null;
  prompt: PromptTokens | null;
  /** The steps above the call in its run, and the span right above it. */
  step: string | null;
  parentSpan: string | null;
  /** What caching returned; null where nothing was cached, or the charges do not tell. */
  caching: CacheReturn | null;
  prefixes: string | null;
  conversation: number | null;
  /** Number of the journal in the table `journals`. */
  journal: number;
  segment: number;
  offset: number;
}

export interface Column {
  name: string;
  type: DuckDBType;
  value: (call: PreparedCall) => DuckDBValue;
}

/** Tags are columns with a prefix, because several of their names are words of SQL (`user`, `session`). */
export function tagColumn(name: string): string {
  return `tag_${name}`;
}

const text = (name: string, value: (row: CallRow) => string | null): Column => ({
  name,
  type: VARCHAR,
  value: (call) => value(call.row),
});
const integer = (name: string, value: (row: CallRow) => number | null): Column => ({
  name,
  type: INTEGER,
  value: (call) => value(call.row),
});
const tokens = (name: keyof NonNullable<CallRow['tokens']>): Column => ({
  name: `tokens_${name}`,
  type: BIGINT,
  value: (call) => (call.row.tokens === null ? null : BigInt(call.row.tokens[name])),
});
const time = (name: string, value: (row: CallRow) => string): Column => ({
  name,
  type: TIMESTAMP,
  value: (call) => new DuckDBTimestampValue(BigInt(Date.parse(value(call.row))) * 1000n),
});
const money = (name: string, kind: keyof CostByKind): Column => ({
  name,
  type: BIGINT,
  value: (call) => (call.cost === null ? null : call.cost[kind]),
});

/** The columns of `calls` in the table's order, each with its value for a prepared call. */
export const callColumns: readonly Column[] = [
  { name: 'id', type: UUID, value: (call) => readUuid(call.row.id) },
  time('started_at', (row) => row.started_at),
  { name: 'adjustment', type: BOOLEAN, value: (call) => call.row.kind === 'adjustment' },
  text('source', (row) => row.source),
  text('provider', (row) => row.provider),
  text('api', (row) => row.api),
  text('path', (row) => row.path),
  { name: 'stream', type: BOOLEAN, value: (call) => call.row.stream },
  text('model_requested', (row) => row.model_requested),
  text('model', (row) => row.model),
  text('outcome', (row) => row.outcome),
  integer('http_status', (row) => row.http_status),
  text('error_type', (row) => row.error_type),
  integer('attempt', (row) => row.attempt),
  integer('duration_ms', (row) => row.duration_ms),
  integer('first_byte_ms', (row) => row.first_byte_ms),
  ...tagNames.map((name) => text(tagColumn(name), (row) => row.tags[name] ?? null)),
  {
    name: 'custom',
    type: MAP(VARCHAR, VARCHAR),
    value: (call) => customMap(call.row.tags.custom),
  },
  tokens('input_uncached'),
  tokens('cache_read'),
  tokens('cache_write'),
  tokens('cache_write_5m'),
  tokens('cache_write_1h'),
  tokens('output'),
  tokens('reasoning'),
  { name: 'usage_estimated', type: BOOLEAN, value: (call) => call.row.usage_estimated },
  money('cost', 'total'),
  text('cost_status', (row) => row.cost_status),
  text('cost_source', (row) => row.cost_source),
  money('cost_input_uncached', 'input_uncached'),
  money('cost_cache_read', 'cache_read'),
  money('cost_cache_write', 'cache_write'),
  money('cost_output', 'output'),
  money('cost_other', 'other'),
  { name: 'cost_reported', type: BIGINT, value: (call) => call.reported },
  { name: 'journal', type: USMALLINT, value: (call) => call.journal },
  { name: 'segment', type: BIGINT, value: (call) => BigInt(call.segment) },
  { name: 'line_offset', type: BIGINT, value: (call) => BigInt(call.offset) },
  time('recorded_at', (row) => row.recorded_at),
  {
    name: 'adjusts',
    type: UUID,
    value: ({ row }) => (row.adjusts === null ? null : readUuid(row.adjusts)),
  },
  { name: 'cause', type: VARCHAR, value: (call) => call.cause },
  { name: 'known_change', type: TINYINT, value: (call) => call.change.known },
  { name: 'unknown_change', type: TINYINT, value: (call) => call.change.unknown },
  { name: 'cost_list', type: BIGINT, value: (call) => call.list },
  { name: 'estimated_cost', type: BIGINT, value: ({ estimate }) => estimate?.cost ?? null },
  { name: 'estimated_input', type: BIGINT, value: ({ estimate }) => whole(estimate?.input) },
  { name: 'estimated_output', type: BIGINT, value: ({ estimate }) => whole(estimate?.output) },
  {
    name: 'prompt_calls',
    type: BIGINT,
    value: ({ prompt }) => (prompt === null ? null : BigInt(prompt.calls ?? 1)),
  },
  // Of all the calls that the call stands for, so that they are summed like any other count.
  ...promptSources.map((source): Column => ({
    name: `prompt_${source}`,
    type: BIGINT,
    value: ({ prompt }) =>
      prompt === null ? null : BigInt((prompt[source] ?? 0) * (prompt.calls ?? 1)),
  })),
  { name: 'step', type: VARCHAR, value: (call) => call.step },
  { name: 'parent_span', type: VARCHAR, value: (call) => call.parentSpan },
  { name: 'cache_saved', type: BIGINT, value: ({ caching }) => caching?.saved ?? null },
  { name: 'cache_premium', type: BIGINT, value: ({ caching }) => caching?.premium ?? null },
  { name: 'cache_valued_tokens', type: BIGINT, value: ({ caching }) => whole(caching?.tokens) },
  { name: 'prefixes', type: VARCHAR, value: (call) => call.prefixes },
  { name: 'conversation', type: INTEGER, value: (call) => call.conversation },
];

function whole(count: number | null | undefined): bigint | null {
  return count == null ? null : BigInt(count);
}

const noTags = new DuckDBMapValue([]);

function customMap(custom: Tags['custom']): DuckDBMapValue {
  if (custom === undefined) return noTags;
  return new DuckDBMapValue(Object.entries(custom).map(([key, value]) => ({ key, value })));
}
