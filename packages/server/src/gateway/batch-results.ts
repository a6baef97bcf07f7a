import { createHash } from 'node:crypto';
import {
  type CallContext,
  closeEntry,
  type Entry,
  entrySchema,
  errorTypeOf,
  type OpenedLine,
  type Price,
  readUsage,
  type UsageReading,
} from '@farthing/core';
import type { Route } from './route.js';

/** One line of a batch's results. */
export interface BatchItem {
  /** The caller's name of the item, unique within its batch. */
  key: string;
  api: string;
  reading: UsageReading;
  status: number | null;
  errorType: string | null;
  /** When it was answered, in milliseconds since the epoch; null where its answer does not say. */
  at: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

/** What an answer calls itself, and the API that it is of. */
const apiOfObject: ReadonlyMap<unknown, string> = new Map([
  ['chat.completion', 'chat.completions'],
  ['response', 'responses'],
  ['text_completion', 'completions'],
  ['list', 'embeddings'],
]);

/**
 * Reads a parsed line of batch results: OpenAI's `{custom_id, response: {status_code, body}}`, which
 * Azure, Groq, Mistral and others share, and Anthropic's `{custom_id, result}`. Null for anything
 * else: what a batch is made of looks different, and most files are no batch at all.
 */
export function readBatchItem(line: unknown, provider: string): BatchItem | null {
  if (!isFields(line) || typeof line['custom_id'] !== 'string') return null;
  const { custom_id: key, response, result } = line;
  if (isFields(result)) {
    const failed = result['type'] !== 'succeeded';
    const errorType = failed ? (errorTypeOf(result['error']) ?? String(result['type'])) : null;
    const reading = readUsage({ provider, api: 'messages.batches', payload: line });
    return { key, api: 'messages', reading, status: failed ? null : 200, errorType, at: null };
  }
  if (!isFields(response)) return null;
  const body = isFields(response['body']) ? response['body'] : {};
  const api = apiOfObject.get(body['object']) ?? 'batch';
  const status = response['status_code'];
  const seconds = body['created'] ?? body['created_at'];
  return {
    key,
    api,
    reading: readUsage({ provider, api: api === 'batch' ? api : `${api}.batches`, payload: line }),
    status: typeof status === 'number' ? status : null,
    errorType: errorTypeOf(body) ?? errorTypeOf(line),
    at: timeOf(seconds),
  };
}

/** Seconds since the epoch, or ISO 8601, as milliseconds; null for what is no time. */
export function timeOf(value: unknown): number | null {
  const time = typeof value === 'number' ? value * 1_000 : Date.parse(String(value));
  return Number.isFinite(time) && time > 0 && time < maxTime ? time : null;
}

/** The last millisecond that a date can be. */
const maxTime = 8.64e15;

/**
 * The entry of one item. Its id is made of provider, batch and item, and its time is the item's own,
 * so that results that are fetched twice are booked once. It became known now.
 */
export function batchEntry(
  item: BatchItem & { at: number },
  { route, retrieval, price }: { route: Route; retrieval: OpenedLine; price: Price },
): Entry {
  const { provider } = route;
  const opened: OpenedLine = {
    type: 'opened',
    schema: entrySchema,
    id: itemId(provider.name, route.batch ?? '', item.key),
    source: 'gateway',
    started_at: new Date(item.at).toISOString(),
    provider: provider.name,
    api: item.api,
    stream: false,
    model_requested: null,
    attempt: 1,
    estimate: { input_tokens: 0, output_tokens: 0, method: 'none' },
    tags: retrieval.tags,
  };
  const context: CallContext = { ...route.context, batch: true };
  const { estimate: _, ...entry } = closeEntry(
    opened,
    {
      outcome: item.reading.status === 'not_billed' ? 'error' : 'ok',
      reading: item.reading,
      httpStatus: item.status,
      errorType: item.errorType,
      durationMilliseconds: 0,
      firstByteMilliseconds: null,
    },
    price,
    { priceAs: provider.priceAs, context },
  );
  return { ...entry, recorded_at: new Date().toISOString() };
}

/** UUID version 8 (RFC 9562): the layout of a UUID, with bits of our own making. */
function itemId(provider: string, batch: string, key: string): string {
  const hash = createHash('sha256')
    .update(`farthing batch 1\n${provider}\n${batch}\n${key}`)
    .digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
