import {
  entrySchema,
  FarthingError,
  noEstimate,
  readCallContext,
  readUsage,
  type CallContext,
  type Ending,
  type OpenedLine,
  type PriceFacts,
  type Tags,
  type TokenBuckets,
  type Usage,
  type UsageReading,
} from '@farthing/core';
import { emptyUsage } from './empty-usage.js';
import { readTags, type TagsInput } from './context/read-tags.js';
import { uuidAt } from './uuid.js';

/** A call that the application knows of by itself: from a queue, a log, a client that nobody meters. */
export interface UsageRecord {
  provider: string;
  /** The model that answered. */
  model: string;
  /** The provider's API. Default `chat.completions`; it decides how `payload` is read. */
  api?: string | undefined;
  /** The provider's answer (or a part of it with its usage), read as in a call. Wins over the counts below. */
  payload?: unknown;
  /** Tokens in disjoint buckets: none is counted in two of them. */
  tokens?: Partial<TokenBuckets> | undefined;
  /** What is billed by something other than tokens, e.g. `{ images: 2 }`. */
  units?: Readonly<Record<string, number>> | undefined;
  /** UUID of the entry: a record that is sent twice under one id is booked once. Default: a new one. */
  id?: string | undefined;
  /** When the call was made. Default: now. */
  startedAt?: Date | string | undefined;
  durationMilliseconds?: number | undefined;
  stream?: boolean | undefined;
  httpStatus?: number | undefined;
  errorType?: string | undefined;
  attempt?: number | undefined;
  tags?: TagsInput | undefined;
  /** Facts that set the price beside the usage, e.g. `{ batch: true }`. */
  context?: CallContext | undefined;
}

interface ReadRecord {
  opened: OpenedLine;
  ending: Ending;
  facts: PriceFacts;
}

const buckets: readonly (keyof TokenBuckets)[] = [
  'input_uncached',
  'cache_read',
  'cache_write',
  'cache_write_5m',
  'cache_write_1h',
  'output',
];

/**
 * Checks a record from outside. Throws `usage_invalid` with the field and what it must be.
 * @internal
 */
export function readUsageRecord(record: UsageRecord, tagsOf: (tags: Tags) => Tags): ReadRecord {
  if (typeof record !== 'object' || record === null) throw invalid('the record', 'an object');
  const provider = text(record.provider, 'provider');
  const model = text(record.model, 'model');
  const api = record.api === undefined ? 'chat.completions' : text(record.api, 'api');
  const startedAt = time(record.startedAt);
  const { id = uuidAt(startedAt), httpStatus = null, errorType = null } = record;
  if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id)) throw invalid('id', 'a UUID');
  const context = readCallContext(record.context);
  const facts = context === undefined ? {} : { context };
  const opened: OpenedLine = {
    type: 'opened',
    schema: entrySchema,
    id,
    source: 'sdk',
    started_at: new Date(startedAt).toISOString(),
    provider,
    api,
    stream: record.stream ?? false,
    model_requested: model,
    attempt: record.attempt === undefined ? 1 : count(record.attempt, 'attempt', 1),
    estimate: noEstimate,
    tags: tagsOf(record.tags === undefined ? {} : readTags(record.tags)),
  };
  const failed = errorType !== null || (httpStatus !== null && httpStatus >= 400);
  const ending: Ending = {
    outcome: failed ? 'error' : 'ok',
    reading: failed
      ? { status: 'not_billed', reason: 'the call failed' }
      : readingOf(record, provider, api, context),
    httpStatus: httpStatus === null ? null : count(httpStatus, 'httpStatus', 100),
    errorType: errorType === null ? null : text(errorType, 'errorType'),
    durationMilliseconds:
      record.durationMilliseconds === undefined
        ? 0
        : amount(record.durationMilliseconds, 'durationMilliseconds'),
    firstByteMilliseconds: null,
  };
  return { opened, ending, facts };
}

function readingOf(
  { payload, tokens, units }: UsageRecord,
  provider: string,
  api: string,
  context: CallContext | undefined,
): UsageReading {
  if (payload !== undefined) {
    return readUsage({ provider, api, payload, ...(context === undefined ? {} : { context }) });
  }
  if (tokens === undefined && units === undefined) {
    throw invalid('tokens', 'given, or else `units` or `payload`: without them nothing was used');
  }
  const usage: Usage = emptyUsage();
  for (const [name, value] of Object.entries(tokens ?? {})) {
    const bucket = buckets.find((known) => known === name);
    if (bucket === undefined) throw invalid(`tokens.${name}`, `one of ${buckets.join(', ')}`);
    if (value !== undefined) usage.tokens[bucket] = count(value, `tokens.${name}`, 0);
  }
  for (const [name, value] of Object.entries(units ?? {})) {
    usage.units[name] = amount(value, `units.${name}`);
  }
  return { status: 'ok', usage };
}

function text(value: unknown, field: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(field, 'a text that is not empty');
}

function count(value: unknown, field: string, least: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw invalid(field, `a whole number from ${least}`);
}

function amount(value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw invalid(field, 'a number from 0');
}

function time(value: Date | string | undefined): number {
  if (value === undefined) return Date.now();
  const milliseconds = value instanceof Date ? value.getTime() : Date.parse(value);
  if (!Number.isNaN(milliseconds)) return milliseconds;
  throw invalid('startedAt', 'a Date or an ISO 8601 time');
}

function invalid(field: string, wanted: string): FarthingError {
  return new FarthingError('usage_invalid', `recordUsage: \`${field}\` must be ${wanted}.`);
}
