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

/** Prices a reading; whoever composes the pipeline puts the price book behind it. */
export type Price = (call: {
  provider: string;
  api: string;
  model: string | null;
  at: string;
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
  firstByteMilliseconds: number | null;
  path?: string;
  /** Set when the usage is an estimate; becomes the reason of a `partial` cost. */
  partialReason?: string;
}

/** Whatever an answer holds, its call is booked: what cannot be priced is said to be so. */
function safely(price: () => Cost): Cost {
  try {
    return price();
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
  const startedAt = Date.parse(opened.started_at);
  let cost = safely(() =>
    price({
      provider: priceAs,
      api: opened.api,
      model,
      at: opened.started_at,
      reading,
      ...(context === undefined ? {} : { context }),
    }),
  );
  const recorded = recordedContext(context, usage);
  if (usage?.estimated === true && cost.status === 'priced') {
    cost = {
      ...cost,
      status: 'partial',
      reason: usage.partial ?? 'the usage is an estimate',
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
    ...(recorded === undefined ? {} : { context: recorded }),
    estimate: opened.estimate,
    tags: opened.tags,
  };
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
