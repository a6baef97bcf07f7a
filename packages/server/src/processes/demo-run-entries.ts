import {
  closeEntry,
  emptyTokens,
  noEstimate,
  outcomeApi,
  outcomeTag,
  PriceBook,
  ruleLayer,
  scoreTag,
  toolUnitPrefix,
  type Entry,
  type Price,
  type SpanPlace,
} from '@farthing/core';
import { demoTools, type DemoRecord } from '../demo/index.js';
import { Random } from '../fake-provider/random.js';

let tools: Price | null = null;

function priceOfTool(): Price {
  if (tools !== null) return tools;
  const stated = Object.entries(demoTools).map(([name, { price }]) => ({ name, price, per: 1 }));
  const rows = stated.map((tool) => ({ ...tool, source: 'farthing.yaml' }));
  const book = new PriceBook([ruleLayer('override', 'farthing.yaml', [], rows)]);
  return (tools = (call) => book.price(call));
}

/** Where a call of a run stands, as telemetry of the application would tell; null where it is in none. */
export function placeOf({ part, tags, at }: DemoRecord): SpanPlace | null {
  if (part === null || part.path.length === 0) return null;
  const path = part.path.map((step) => ({ ...step, span: spanOf(`${tags.run} ${step.name}`, 16) }));
  return {
    trace: spanOf(`${tags.run}`, 32),
    span: spanOf(`${tags.run} ${at}`, 16),
    parent: path.at(-1)!.span,
    path,
  };
}

function spanOf(text: string, length: number): string {
  return new Random(`span ${text}`).hex(length);
}

/** The uses of tools that a call led to, as the SDK's `meterTool` books them, but for their ids. */
export function toolUses({ part }: DemoRecord, { ended_at: end, tags, span }: Entry): Entry[] {
  return (part?.tools ?? []).map(({ name, after, durationMs, failed }, index) => {
    const entry = closeEntry(
      {
        type: 'opened',
        schema: 1,
        id: '',
        source: 'demo',
        started_at: new Date(Date.parse(end) + after).toISOString(),
        provider: 'tools',
        api: 'tool',
        stream: false,
        model_requested: name,
        attempt: 1,
        estimate: noEstimate,
        tags,
      },
      {
        outcome: failed ? 'error' : 'ok',
        reading: failed
          ? { status: 'not_billed', reason: 'the tool failed' }
          : { status: 'ok', usage: usageOf(name) },
        httpStatus: null,
        errorType: failed ? 'tool_failed' : null,
        durationMilliseconds: durationMs,
        firstByteMilliseconds: null,
      },
      priceOfTool(),
    );
    if (span === undefined) return entry;
    return { ...entry, span: { ...span, span: spanOf(`${span.span} ${index}`, 16) } };
  });
}

function usageOf(tool: string) {
  return {
    tokens: emptyTokens(),
    details: {},
    units: { [`${toolUnitPrefix}${tool}`]: 1 },
    modifiers: {},
    estimated: false,
    raw: null,
    notes: [],
  };
}

/** What became of a run whose last call this was, as the SDK's `outcome` says it, but for its id. */
export function outcomeOf({ part }: DemoRecord, last: Entry): Entry[] {
  const outcome = part?.outcome ?? null;
  if (outcome === null) return [];
  const at = last.ended_at;
  const custom = {
    ...last.tags.custom,
    [outcomeTag]: outcome.success ? 'success' : 'failure',
    [scoreTag]: String(outcome.score),
  };
  return [
    {
      schema: last.schema,
      event: last.event,
      id: '',
      kind: 'call',
      source: 'demo',
      started_at: at,
      ended_at: at,
      duration_ms: 0,
      provider: 'farthing',
      api: outcomeApi,
      stream: false,
      model_requested: null,
      model: null,
      outcome: 'unmetered',
      http_status: null,
      attempt: 1,
      usage: null,
      cost: { usd: '0', status: 'not_billed', reason: 'the outcome of a run', charges: [] },
      tags: { ...last.tags, custom },
    },
  ];
}
