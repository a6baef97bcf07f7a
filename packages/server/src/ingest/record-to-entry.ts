import {
  decimalFromNumber,
  emptyTokens,
  entryEvent,
  entrySchema,
  formatUsd,
  parseUsdRounded,
  TagCollector,
  type Entry,
  type Tags,
  type Usage,
  type UsageReading,
} from '@farthing/core';
import type { Mapping } from './mapping.js';
import { modelResolver } from './model-rules.js';
import type { ImportPorts } from './ports.js';
import { fieldReader, valueAt, type SourceRecord } from './read-field.js';
import { readTime } from './read-time.js';

/** What the user says about all records of a file; wins over the mapping. */
export interface ImportOverrides {
  provider?: string;
  model?: string;
  tags: Readonly<Record<string, string>>;
}

/** An entry without its id, no call at all, or the reason why the record cannot be one. */
export type Converted =
  | { kind: 'call'; entry: Omit<Entry, 'id'> }
  | { kind: 'other' }
  | { kind: 'unreadable'; reason: string };

class Unreadable extends Error {}

/** Compiles a mapping to a function from record to entry. */
export function recordConverter(
  mapping: Mapping,
  source: string,
  overrides: ImportOverrides,
  ports: ImportPorts,
): (record: SourceRecord) => Converted {
  const toEntry = entryBuilder(mapping, source, overrides, ports);
  const isCall = callTest(mapping.where);
  return (record) => {
    if (!isCall(record)) return { kind: 'other' };
    try {
      return { kind: 'call', entry: toEntry(record) };
    } catch (error) {
      if (error instanceof Unreadable) return { kind: 'unreadable', reason: error.message };
      throw error;
    }
  };
}

function callTest(where: Mapping['where']): (record: SourceRecord) => boolean {
  const conditions = Object.entries(where ?? {}).map(([path, wanted]) => ({
    path,
    values: new Set((Array.isArray(wanted) ? wanted : [wanted]).map(String)),
  }));
  return (record) =>
    conditions.every(({ path, values }) => values.has(String(valueAt(record, path))));
}

function entryBuilder(
  mapping: Mapping,
  source: string,
  overrides: ImportOverrides,
  ports: ImportPorts,
): (record: SourceRecord) => Omit<Entry, 'id'> {
  const resolve = modelResolver(mapping.model_rules ?? []);
  const optional = (field: Parameters<typeof fieldReader>[0] | undefined) =>
    field === undefined ? () => undefined : fieldReader(field);
  const readers = {
    duration: optional(mapping.duration_ms),
    provider: optional(mapping.provider),
    model: optional(mapping.model),
    api: optional(mapping.api),
    cost: optional(mapping.recorded_cost),
    tags: Object.entries(mapping.tags ?? {}).map(
      ([name, field]) => [name, fieldReader(field)] as const,
    ),
  };
  const readUsage = usageReader(mapping);
  const absent = new Set(mapping.absent_values);
  const named = (value: unknown) => {
    const name = text(value);
    return name === null || absent.has(name) ? null : name;
  };
  const { path: timePath, unit } =
    typeof mapping.started_at === 'string'
      ? { path: mapping.started_at, unit: 'iso' as const }
      : mapping.started_at;

  return (record) => {
    const startedAt = readTime(valueAt(record, timePath), unit);
    if (startedAt === null) {
      throw new Unreadable(
        `${timePath}: ${shown(valueAt(record, timePath))} is not a time (${unit})`,
      );
    }
    const durationMs = wholeNumber(readers.duration(record), 'duration_ms', true) ?? 0;
    const recorded = named(overrides.model ?? readers.model(record));
    const resolved = recorded === null ? null : resolve(recorded);
    const provider =
      overrides.provider ?? named(readers.provider(record)) ?? resolved?.provider ?? 'unknown';
    const model = resolved?.model ?? recorded;
    const api = text(readers.api(record)) ?? 'unknown';
    const reading = readUsage(record);
    const reported = money(readers.cost(record));
    const computed = ports.priceBook.price({ provider, api, model, at: startedAt, reading });
    const cost = reported === null ? computed : { ...computed, reported_usd: reported };
    return {
      schema: entrySchema,
      event: entryEvent,
      kind: 'call',
      source,
      started_at: startedAt,
      ended_at: new Date(Date.parse(startedAt) + durationMs).toISOString(),
      duration_ms: durationMs,
      provider,
      api,
      stream: false,
      model_requested: recorded,
      model,
      outcome: 'ok',
      http_status: null,
      attempt: 1,
      usage: reading.status === 'ok' ? reading.usage : null,
      cost,
      tags: readTags(record, readers.tags, overrides.tags, named, ports),
    };
  };
}

function usageReader(mapping: Mapping): (record: SourceRecord) => UsageReading {
  const { input_includes_cache: includesCache, ...fields } = mapping.tokens;
  const readers = Object.entries(fields).flatMap(([name, field]) =>
    field === undefined ? [] : [[name, fieldReader(field)] as const],
  );
  const hasCacheSplit = fields.cache_read !== undefined || fields.cache_write !== undefined;

  return (record) => {
    const counts: Record<string, number> = {};
    for (const [name, read] of readers) {
      const count = wholeNumber(read(record), `tokens.${name}`);
      if (count !== undefined) counts[name] = count;
    }
    if (counts['input'] === undefined && counts['output'] === undefined) {
      return { status: 'no_usage', reason: 'the source records no token counts for this call' };
    }
    const { input = 0, output = 0, cache_read: read = 0, cache_write: write = 0 } = counts;
    const uncached = includesCache ? input - read - write : input;
    if (uncached < 0) {
      const reason = `${read + write} cached tokens are more than the ${input} input tokens that should include them`;
      return { status: 'invalid_usage', reason, raw: counts };
    }
    const { reasoning } = counts;
    if (reasoning !== undefined && reasoning > output) {
      const reason = `${reasoning} reasoning tokens are more than the ${output} output tokens that should include them`;
      return { status: 'invalid_usage', reason, raw: counts };
    }
    const usage: Usage = {
      tokens: {
        ...emptyTokens(),
        input_uncached: uncached,
        cache_read: read,
        cache_write: write,
        output,
      },
      details: reasoning === undefined ? {} : { reasoning },
      units: {},
      modifiers: {},
      estimated: false,
      raw: counts,
      notes: hasCacheSplit
        ? []
        : ['the source does not say which input was cached: all of it counts as uncached'],
    };
    return { status: 'ok', usage };
  };
}

function readTags(
  record: SourceRecord,
  readers: readonly (readonly [string, (record: SourceRecord) => unknown])[],
  constant: Readonly<Record<string, string>>,
  named: (value: unknown) => string | null,
  ports: ImportPorts,
): Tags {
  const collector = new TagCollector();
  for (const [name, read] of readers) {
    const value = named(read(record));
    if (value !== null) collector.set(name, value);
  }
  for (const [name, value] of Object.entries(constant)) collector.set(name, value);
  const { user, ...others } = collector.tags;
  const pseudonym = user === undefined ? undefined : ports.pseudonymize(user);
  return pseudonym === undefined ? others : { ...others, user: pseudonym };
}

function text(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim().slice(0, 256);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** Undefined when absent; a value that is there but no count makes the record unreadable. */
function wholeNumber(value: unknown, field: string, mayRound = false): number | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === 'string' ? Number(value.trim()) : value;
  const count = mayRound && typeof number === 'number' ? Math.round(number) : number;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw new Unreadable(`${field}: ${shown(value)} is not a whole number of at least 0`);
}

/** A recorded cost as an exact decimal, rounded half-even to the picodollar; null when absent. */
function money(value: unknown): string | null {
  if (value === undefined) return null;
  try {
    const amount = parseUsdRounded(
      typeof value === 'number' ? decimalFromNumber(value) : String(value).trim(),
    );
    if (amount >= 0n) return formatUsd(amount);
  } catch {
    // Falls through to the message that names the field.
  }
  throw new Unreadable(`recorded_cost: ${shown(value)} is not an amount in USD`);
}

/** A value as a message may show it: short, and never a whole text. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return (JSON.stringify(value) ?? String(value)).slice(0, 40);
}
