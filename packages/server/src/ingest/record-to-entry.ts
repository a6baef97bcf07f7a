import {
  canonicalProvider,
  emptyTokens,
  formatUsd,
  decimalFromNumber,
  parseUsdRounded,
  type Entry,
  type Usage,
  type UsageReading,
} from '@farthing/core';
import { buildEntry, buildTags, shown } from './build-entry.js';
import type { Conditions, Mapping, Preset } from './mapping.js';
import { modelResolver } from './model-rules.js';
import type { ImportPorts } from './ports.js';
import { fieldReader, valueAt, type SourceRecord } from './read-field.js';
import { readTime, whyNoTime } from './read-time.js';

/** What the user says about all records of a file; wins over the mapping. */
export interface ImportOverrides {
  provider?: string;
  model?: string;
  tags: Readonly<Record<string, string>>;
}

/** An entry without its id, no call at all, or the reason why the record cannot be one. */
export type Converted =
  | { kind: 'call'; entry: Entry }
  | { kind: 'other' }
  | { kind: 'unreadable'; reason: string };

class Unreadable extends Error {}

/** Compiles a mapping to a function from record to entry; the caller gives its id. */
export function recordConverter(
  mapping: Preset,
  source: string,
  overrides: ImportOverrides,
  ports: ImportPorts,
): {
  isCall(record: SourceRecord): boolean;
  convert(record: SourceRecord, id: string): Converted;
} {
  const toEntry = entryBuilder(mapping, source, overrides, ports);
  return {
    isCall: conditionTest(mapping.where ?? {}),
    convert(record, id) {
      try {
        return { kind: 'call', entry: toEntry(record, id) };
      } catch (error) {
        if (error instanceof Unreadable) return { kind: 'unreadable', reason: error.message };
        throw error;
      }
    },
  };
}

function conditionTest(conditions: Conditions): (record: SourceRecord) => boolean {
  const tests = Object.entries(conditions).map(([path, wanted]) => ({
    path,
    values: new Set((Array.isArray(wanted) ? wanted : [wanted]).map(asWord)),
  }));
  return (record) => tests.every(({ path, values }) => values.has(asWord(valueAt(record, path))));
}

function asWord(value: unknown): string {
  return String(value).toLowerCase();
}

function entryBuilder(
  mapping: Preset,
  source: string,
  overrides: ImportOverrides,
  ports: ImportPorts,
): (record: SourceRecord, id: string) => Entry {
  const resolve = modelResolver(mapping.model_rules ?? []);
  const optional = (field: Parameters<typeof fieldReader>[0] | undefined) =>
    field === undefined ? () => undefined : fieldReader(field);
  const readers = {
    duration: optional(mapping.duration_ms),
    provider: optional(mapping.provider),
    model: optional(mapping.model),
    api: optional(mapping.api),
    cost: optional(mapping.recorded_cost),
    responseId: optional(mapping.response_id),
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
  const readStart = timeReader(mapping.started_at);
  const readEnd = mapping.ended_at === undefined ? null : timeReader(mapping.ended_at);
  const hasFailed = mapping.failed === undefined ? () => false : conditionTest(mapping.failed);
  const isFree = mapping.not_billed === undefined ? () => false : conditionTest(mapping.not_billed);

  return (record, id) => {
    const startedAt = readStart(record);
    if (startedAt.time === null) {
      const { path, unit } = startedAt;
      const value = valueAt(record, path);
      throw new Unreadable(`${path}: ${whyNoTime(value, unit, shown(value))}`);
    }
    const endedAt = readEnd?.(record).time ?? null;
    const span =
      endedAt === null ? 0 : Math.max(0, Date.parse(endedAt) - Date.parse(startedAt.time));
    const durationMs = wholeNumber(readers.duration(record), 'duration_ms', true) ?? span;
    const recorded = named(overrides.model ?? readers.model(record));
    const resolved = recorded === null ? null : resolve(recorded);
    const stated = overrides.provider ?? named(readers.provider(record));
    const provider =
      stated === null ? (resolved?.provider ?? 'unknown') : canonicalProvider(stated);
    // Of another provider's name in front (`anthropic/…` at OpenRouter) the model's own name is made.
    const model =
      stated === null || resolved?.provider === provider ? (resolved?.model ?? recorded) : recorded;
    const api = text(readers.api(record)) ?? 'unknown';
    const failed = hasFailed(record);
    const reading = failed
      ? notBilled('the source records that the call failed')
      : isFree(record)
        ? notBilled('the source records that no provider answered the call')
        : (mapping.readUsage?.(record, { provider, api }) ?? readUsage(record, provider));
    return buildEntry(
      {
        id,
        source,
        startedAt: startedAt.time,
        durationMs,
        provider,
        api,
        modelRequested: recorded,
        model,
        reading,
        reportedUsd: money(readers.cost(record)),
        responseId: named(readers.responseId(record)) ?? undefined,
        outcome: failed ? 'error' : 'ok',
        tags: buildTags(
          readers.tags.map(([name, read]) => [name, named(read(record))] as const),
          overrides.tags,
          ports,
        ),
      },
      ports,
    );
  };
}

function timeReader(field: Mapping['started_at']) {
  const { path, unit } = typeof field === 'string' ? { path: field, unit: 'iso' as const } : field;
  return (record: SourceRecord) => ({ path, unit, time: readTime(valueAt(record, path), unit) });
}

function notBilled(reason: string): UsageReading {
  return { status: 'not_billed', reason };
}

/** Providers whose cache writes last 5 minutes unless stated otherwise. Others name no lifetime. */
const fiveMinuteWrites = /^(?:anthropic|aws-bedrock|google-vertex)$/;

function usageReader(mapping: Mapping): (record: SourceRecord, provider: string) => UsageReading {
  const { input_includes_cache: includesCache, ...fields } = mapping.tokens;
  const readers = Object.entries(fields).flatMap(([name, field]) =>
    field === undefined ? [] : [[name, fieldReader(field)] as const],
  );
  const hasCacheSplit = fields.cache_read !== undefined || fields.cache_write !== undefined;

  return (record, provider) => {
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
        [fiveMinuteWrites.test(provider) ? 'cache_write_5m' : 'cache_write']: write,
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
