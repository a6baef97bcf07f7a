import {
  entryEvent,
  entrySchema,
  type Cost,
  type Entry,
  type OpenedLine,
  type Outcome,
  type UsageReading,
} from '@farthing/core';
import { estimatedReading } from './estimate.js';

/** Prices a reading; the composition root puts the price book behind it. */
export type Price = (call: {
  provider: string;
  api: string;
  model: string | null;
  at: string;
  reading: UsageReading;
}) => Cost;

/** How a call ended, as the gateway saw it. */
export interface Ending {
  outcome: Outcome;
  reading: UsageReading;
  httpStatus: number | null;
  errorType: string | null;
  durationMilliseconds: number;
  firstByteMilliseconds: number | null;
  path?: string;
  /** Set when the usage is an estimate; becomes the reason of a `partial` cost. */
  partialReason?: string;
}

/** Builds the ledger entry of a call from its opened line and its ending. */
export function closeEntry(
  opened: OpenedLine,
  ending: Ending,
  price: Price,
  priceAs?: string,
): Entry {
  const { reading } = ending;
  const model = reading.model ?? opened.model_requested;
  const usage = reading.status === 'ok' ? reading.usage : null;
  const startedAt = Date.parse(opened.started_at);
  let cost = price({
    provider: priceAs ?? opened.provider,
    api: opened.api,
    model,
    at: opened.started_at,
    reading,
  });
  if (usage?.estimated === true && cost.status === 'priced') {
    cost = {
      ...cost,
      status: 'partial',
      reason: ending.partialReason ?? 'the usage is an estimate',
    };
  }
  return {
    schema: entrySchema,
    event: entryEvent,
    id: opened.id,
    kind: 'call',
    source: opened.source,
    started_at: opened.started_at,
    ended_at: new Date(startedAt + ending.durationMilliseconds).toISOString(),
    duration_ms: ending.durationMilliseconds,
    ...(ending.firstByteMilliseconds === null
      ? {}
      : { first_byte_ms: ending.firstByteMilliseconds }),
    provider: opened.provider,
    api: opened.api,
    ...(ending.path === undefined ? {} : { path: ending.path }),
    stream: opened.stream,
    model_requested: opened.model_requested,
    model,
    ...(reading.response_id === undefined ? {} : { response_id: reading.response_id }),
    outcome: ending.outcome,
    http_status: ending.httpStatus,
    ...(ending.errorType === null ? {} : { error_type: ending.errorType }),
    attempt: opened.attempt,
    usage,
    cost,
    estimate: opened.estimate,
    tags: opened.tags,
  };
}

/** The entry of a call during which the gateway died: booked at its estimate. */
export function interruptedEntry(opened: OpenedLine, price: Price): Entry {
  const note = 'the gateway stopped during the call: booked at its estimate';
  const unmetered = opened.api === 'unmetered';
  return closeEntry(
    opened,
    {
      outcome: unmetered ? 'unmetered' : 'interrupted',
      reading: unmetered
        ? { status: 'no_usage', reason: 'this path is passed through unmetered' }
        : estimatedReading(opened.estimate, note),
      httpStatus: null,
      errorType: 'gateway_stopped',
      durationMilliseconds: 0,
      firstByteMilliseconds: null,
      partialReason: note,
    },
    price,
  );
}
