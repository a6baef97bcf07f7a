import { entryEvent, entrySchema, type Cost, type Entry } from '../entry.js';
import { TagCollector } from '../tags.js';
import type { PriceRequest } from '../pricing/price-book.js';
import { usageOfReading } from '../usage/usage.js';
import type { SpanCall, SpanFacts, SpanPathStep } from './span-facts.js';

/** What stands above a call in its trace, as far as it is known when the call is booked. */
export interface SpanSurroundings {
  steps: readonly SpanPathStep[];
  tags: readonly (readonly [name: string, value: string])[];
}

export interface SpanEntryFacts {
  id: string;
  /** Prices a call: `PriceBook.price`. */
  price: (request: PriceRequest) => Cost;
  /** Whose prices hold for a provider: its `price_as`, or itself. */
  priceAs?: (provider: string) => string;
  /** Tags of calls that do not set them. */
  defaults?: Readonly<Record<string, string>>;
}

/** Deepest path that an entry keeps: the steps nearest to the call. */
const longestPath = 16;

/**
 * The ledger entry of a span's call: priced like any other, with the tags of its resource, of the spans
 * above it (nearest wins) and its own, in that order. Its run is the trace unless it says otherwise.
 */
export function spanEntry(
  facts: SpanFacts & { call: SpanCall },
  above: SpanSurroundings,
  { id, price, priceAs = (provider) => provider, defaults = {} }: SpanEntryFacts,
): Entry {
  const { call } = facts;
  const startedAt = new Date(call.began / 1000).toISOString();
  const { reading } = call;
  const cost = safely(() =>
    price({
      provider: priceAs(call.provider),
      api: call.api,
      model: call.model,
      at: startedAt,
      reading,
      ...(call.context === undefined ? {} : { context: call.context }),
    }),
  );
  const path = above.steps.slice(-longestPath);
  return {
    schema: entrySchema,
    event: entryEvent,
    id,
    kind: 'call',
    source: `otlp:${call.scope === '' ? 'unknown' : call.scope}`.slice(0, 256),
    started_at: startedAt,
    ended_at: new Date(call.ended / 1000).toISOString(),
    duration_ms: Math.round((call.ended - call.began) / 1000),
    ...(call.first_byte_ms === undefined ? {} : { first_byte_ms: call.first_byte_ms }),
    provider: call.provider,
    api: call.api,
    stream: call.stream,
    model_requested: call.model_requested,
    model: call.model,
    ...(call.response_id === undefined ? {} : { response_id: call.response_id }),
    outcome: call.outcome,
    http_status: call.http_status,
    ...(call.error_type === undefined ? {} : { error_type: call.error_type }),
    attempt: 1,
    usage: usageOfReading(reading),
    cost,
    ...(call.context === undefined ? {} : { context: call.context }),
    span: {
      trace: facts.trace,
      span: facts.span,
      ...(facts.parent === null ? {} : { parent: facts.parent }),
      ...(path.length === 0 ? {} : { path }),
    },
    tags: tagsOf(facts, above, call, defaults),
  };
}

/** Whatever a span states, its call is booked: what cannot be priced is said to be so. */
function safely(price: () => Cost): Cost {
  try {
    return price();
  } catch (error) {
    const reason = `the usage cannot be priced: ${(error as Error).message}`.slice(0, 1_000);
    return { usd: null, status: 'invalid_usage', reason, charges: [] };
  }
}

function tagsOf(
  facts: SpanFacts,
  { steps, tags }: SpanSurroundings,
  call: SpanCall,
  defaults: Readonly<Record<string, string>>,
): Entry['tags'] {
  const collector = new TagCollector();
  for (const [name, value] of Object.entries(defaults)) collector.set(name, value);
  collector.set('run', facts.trace);
  if (call.operation !== undefined) collector.set('operation', call.operation);
  for (const { kind, name } of steps) {
    if (name !== null && kind !== 'chain') collector.set(kind, name);
  }
  for (const own of [facts.defaults ?? [], tags, facts.tags ?? []]) {
    for (const [name, value] of own) collector.set(name, value);
  }
  collector.set('trace', facts.trace);
  return collector.tags;
}
