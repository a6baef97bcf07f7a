import {
  entryEvent,
  entrySchema,
  type Cost,
  type Entry,
  type OpenedLine,
  type Outcome,
} from '../entry.js';
import { pricedModel } from '../pricing/priced-model.js';
import type { CallContext } from '../usage/call-context.js';
import { usageOfReading, type Usage, type UsageReading } from '../usage/usage.js';
import { estimatedReading } from './estimated-reading.js';
import { isoTime } from './iso-time.js';

/** Prices a reading; whoever composes the pipeline puts the price book behind it. */
export type Price = (call: {
  provider: string;
  api: string;
  model: string | null;
  /** When the call was made: ISO 8601, or milliseconds since the epoch. */
  at: string | number;
  reading: UsageReading;
  context?: CallContext;
}) => Cost;

/** What sets the price of a call beside its usage. */
export interface PriceFacts {
  /** The provider whose prices hold; the call's own when left out. */
  priceAs?: string;
  context?: CallContext | undefined;
}

/** How a call ended, as the one that metered it saw it. */
export interface Ending {
  outcome: Outcome;
  reading: UsageReading;
  httpStatus: number | null;
  errorType: string | null;
  durationMilliseconds: number;
  /** When the call was made (milliseconds since the epoch), where that need not be read from its opened line. */
  startedAt?: number;
  firstByteMilliseconds: number | null;
  path?: string;
  /** Set when the usage is an estimate; becomes the reason of a `partial` cost. */
  partialReason?: string;
}

/** Whatever an answer holds, its call is booked: what cannot be priced is said to be so. */
function safely(price: Price, call: Parameters<Price>[0]): Cost {
  try {
    return price(call);
  } catch (error) {
    const reason = `the usage cannot be priced: ${(error as Error).message}`.slice(0, 1_000);
    return { usd: null, status: 'invalid_usage', reason, charges: [] };
  }
}

/** Builds the ledger entry of a call from its opened line and its ending. */
export function closeEntry(
  opened: OpenedLine,
  ending: Ending,
  price: Price,
  { priceAs = opened.provider, context }: PriceFacts = {},
): Entry {
  const { reading } = ending;
  const model = pricedModel({
    provider: priceAs,
    requested: opened.model_requested,
    answered: reading.model,
  });
  const usage = keptUsage(ending);
  const startedAt = ending.startedAt ?? Date.parse(opened.started_at);
  const priced: Parameters<Price>[0] = {
    provider: priceAs,
    api: opened.api,
    model,
    at: startedAt,
    reading,
  };
  if (context !== undefined) priced.context = context;
  let cost = safely(price, priced);
  const recorded = recordedContext(context, usage);
  if (usage?.estimated === true && cost.status === 'priced') {
    cost = {
      ...cost,
      status: 'partial',
      reason: usage.partial ?? 'the usage is an estimate',
    };
  }
  // What every entry has stands in one literal: members that are added to it take room of their own.
  const entry: Entry = {
    schema: entrySchema,
    event: entryEvent,
    id: opened.id,
    kind: 'call',
    source: opened.source,
    started_at: opened.started_at,
    ended_at: isoTime(startedAt + ending.durationMilliseconds),
    duration_ms: ending.durationMilliseconds,
    provider: opened.provider,
    api: opened.api,
    stream: opened.stream,
    model_requested: opened.model_requested,
    model,
    outcome: ending.outcome,
    http_status: ending.httpStatus,
    attempt: opened.attempt,
    usage,
    cost,
    estimate: opened.estimate,
    tags: opened.tags,
  };
  // What is absent is left out.
  if (ending.firstByteMilliseconds !== null) entry.first_byte_ms = ending.firstByteMilliseconds;
  if (reading.response_id !== undefined) entry.response_id = reading.response_id;
  if (ending.path !== undefined) entry.path = ending.path;
  if (ending.errorType !== null) entry.error_type = ending.errorType;
  if (recorded !== undefined) entry.context = recorded;
  return entry;
}

/** An estimate keeps why it is one, whether there is a price by now or not. */
function keptUsage({ reading, partialReason }: Ending): Usage | null {
  const usage = usageOfReading(reading);
  if (usage === null || !usage.estimated || partialReason === undefined) return usage;
  return { ...usage, partial: partialReason };
}

/**
 * The facts that a later pricing of the entry needs. What the usage itself holds (characters, images)
 * is not repeated; size and quality set the price of images that are billed by the piece.
 */
function recordedContext(
  context: CallContext | undefined,
  usage: Usage | null,
): CallContext | undefined {
  if (context === undefined || usage === null) return undefined;
  const { request, ...facts } = context;
  if (request === undefined || usage.units['images'] === undefined) {
    return Object.keys(facts).length === 0 ? undefined : facts;
  }
  const { size, quality } = request;
  if (size === undefined && quality === undefined) return recordedContext(facts, usage);
  const image = { ...(size === undefined ? {} : { size }), ...(quality ? { quality } : {}) };
  return { ...facts, request: image };
}

/**
 * The entry of a call during which its meter died: booked at its estimate, by whoever next opens the
 * journal. It became known at `recordedAt` (ISO 8601).
 */
export function interruptedEntry(
  opened: OpenedLine,
  price: Price,
  facts: PriceFacts,
  recordedAt: string,
): Entry {
  const meter = opened.source === 'gateway' ? 'gateway' : 'application';
  const note = `the ${meter} stopped during the call: booked at its estimate`;
  const unmetered = opened.api === 'unmetered';
  const entry = closeEntry(
    opened,
    {
      outcome: unmetered ? 'unmetered' : 'interrupted',
      reading: unmetered
        ? { status: 'no_usage', reason: 'this path is passed through unmetered' }
        : estimatedReading(opened.estimate, note),
      httpStatus: null,
      errorType: `${meter}_stopped`,
      durationMilliseconds: 0,
      firstByteMilliseconds: null,
      partialReason: note,
    },
    price,
    facts,
  );
  return { ...entry, recorded_at: recordedAt };
}
