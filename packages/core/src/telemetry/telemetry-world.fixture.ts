import fc from 'fast-check';
import { entryEvent, entrySchema, type Entry } from '../entry.js';
import { emptyTokens } from '../usage/usage.js';
import { readSpan } from './read-span.js';
import type { SpanFacts } from './span-facts.js';
import { began, sampleSpan } from './span.fixture.js';
import type { AttributeValue } from './span.js';

/** What telemetry and a gateway may tell of a few traces: small numbers, so that things coincide. */
export interface World {
  spans: SpanFacts[];
  known: Entry[];
}

const small = (most: number) => fc.integer({ min: 0, max: most });
const responseIds = fc.option(fc.constantFrom('r1', 'r2', 'r3', 'r4'), { nil: null });
const models = fc.constantFrom('gpt-4o', 'gpt-4o-mini');
const usages = fc.option(
  fc.record({ input: fc.constantFrom(10, 20, 30), output: fc.constantFrom(1, 2) }),
  { nil: null },
);

const arbitrarySpan = fc.record({
  trace: fc.constantFrom('a', 'b'),
  kind: fc.constantFrom('call', 'call', 'call', 'chain', 'agent', 'tool', 'plain'),
  /** Of the spans of the world; itself and missing ones among them. */
  parent: fc.option(small(16), { nil: null }),
  from: small(20),
  duration: small(20),
  scope: fc.constantFrom('one', 'two'),
  usage: usages,
  cache: fc.boolean(),
  responseId: responseIds,
  model: models,
  failed: fc.boolean(),
});

const arbitraryKnown = fc.record({
  trace: fc.option(fc.constantFrom('a', 'b'), { nil: null }),
  from: small(20),
  duration: small(20),
  usage: usages,
  responseId: responseIds,
  model: models,
  failed: fc.boolean(),
});

/** Spans are distinct in their ids. Parents may be missing, later, or below their own children. */
export const arbitraryWorld: fc.Arbitrary<World> = fc
  .record({
    spans: fc.array(arbitrarySpan, { maxLength: 14 }),
    known: fc.array(arbitraryKnown, { maxLength: 5 }),
  })
  .map(({ spans, known }) => ({
    spans: spans.map((span, index) => spanFacts(span, index)),
    known: known.map(knownEntry),
  }));

function spanFacts(
  span: typeof arbitrarySpan extends fc.Arbitrary<infer Value> ? Value : never,
  index: number,
): SpanFacts {
  const { usage, kind, failed } = span;
  const attributes: Record<string, AttributeValue> = {};
  if (kind === 'call') {
    attributes['gen_ai.operation.name'] = 'chat';
    attributes['gen_ai.request.model'] = span.model;
  }
  if (kind === 'agent') attributes['gen_ai.operation.name'] = 'invoke_agent';
  if (kind === 'chain') attributes['openinference.span.kind'] = 'CHAIN';
  if (kind === 'tool') attributes['gen_ai.operation.name'] = 'execute_tool';
  if (usage !== null && kind !== 'plain' && kind !== 'tool') {
    attributes['gen_ai.usage.input_tokens'] = usage.input;
    attributes['gen_ai.usage.output_tokens'] = usage.output;
    if (span.cache) attributes['gen_ai.usage.cache_read.input_tokens'] = 5;
    if (span.responseId !== null) attributes['gen_ai.response.id'] = span.responseId;
  }
  return readSpan(
    sampleSpan({
      trace: span.trace,
      span: String(index + 1),
      parent: span.parent === null ? null : String(span.parent + 1),
      from: span.from * 100,
      to: (span.from + span.duration) * 100,
      failed: kind === 'call' && failed && usage === null,
      scope: span.scope,
      attributes,
    }),
    () => undefined,
  );
}

/** An entry as the gateway writes it. */
export function knownEntry(
  facts: {
    trace?: string | null;
    from?: number;
    duration?: number;
    usage?: { input: number; output: number } | null;
    responseId?: string | null;
    model?: string;
    failed?: boolean;
  },
  index = 0,
): Entry {
  const { usage = { input: 1000, output: 100 }, responseId = null, failed = false } = facts;
  const from = (facts.from ?? 0) * 100;
  const duration = (facts.duration ?? 10) * 100;
  const at = (milliseconds: number) => new Date(began / 1000 + milliseconds).toISOString();
  return {
    schema: entrySchema,
    event: entryEvent,
    id: `01890000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    kind: 'call',
    source: 'gateway',
    started_at: at(from),
    ended_at: at(from + duration),
    duration_ms: duration,
    provider: 'openai',
    api: 'chat.completions',
    stream: false,
    model_requested: facts.model ?? 'gpt-4o-mini',
    model: facts.model ?? 'gpt-4o-mini',
    ...(responseId === null ? {} : { response_id: responseId }),
    outcome: failed && usage === null ? 'error' : 'ok',
    http_status: 200,
    attempt: 1,
    usage:
      usage === null
        ? null
        : {
            tokens: { ...emptyTokens(), input_uncached: usage.input, output: usage.output },
            details: {},
            units: {},
            modifiers: {},
            estimated: false,
            raw: null,
            notes: [],
          },
    cost: { usd: '0.001', status: 'priced', source: 'base', charges: [] },
    tags: facts.trace == null ? {} : { trace: facts.trace.padStart(32, '0') },
  };
}

/** The world's records in a random order, so that spans and entries mix. */
export function shuffled<Value>(values: readonly Value[], seed: number): Value[] {
  const result = [...values];
  let state = (seed >>> 0) + 1;
  for (let index = result.length - 1; index > 0; index--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (index + 1);
    [result[index], result[other]] = [result[other]!, result[index]!];
  }
  return result;
}
