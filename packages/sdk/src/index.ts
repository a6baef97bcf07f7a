import type { Entry } from '@farthing/core';
import type { EndpointHint } from './call/endpoint.js';
import { meterClient } from './clients/meter-client.js';
import { readTags, type TagsInput } from './context/read-tags.js';
import type { RunSummary } from './context/runs.js';
import { defaultFarthing } from './default.js';
import { meteredFetch, type MeterFetchOptions, type Run } from './farthing.js';
import type { Fetch } from './fetch/read-request.js';
import type { OutcomeInput } from './outcome.js';
import type { UsageRecord } from './record-usage.js';
import type { SinkReport } from './sinks/sink.js';
import { meterTool as meteredTool, type ToolTerms } from './tools.js';

export { FarthingError, type Entry, type Tags } from '@farthing/core';
export type { Balances } from './budgets/balances.js';
export {
  controlPlaneBudgets,
  type BudgetSource,
  type ControlPlaneBudgetsOptions,
} from './budgets/control-plane-budgets.js';
export type { EndpointHint } from './call/endpoint.js';
export type { TagsInput } from './context/read-tags.js';
export type { RunSummary } from './context/runs.js';
export { withTags } from './context/tag-context.js';
export { configure } from './default.js';
export { Farthing, type FarthingOptions, type MeterFetchOptions, type Run } from './farthing.js';
export type { Fetch } from './fetch/read-request.js';
export type { OutcomeInput } from './outcome.js';
export type { UserPolicy } from './privacy.js';
export type { UsageRecord } from './record-usage.js';
export { callbackSink } from './sinks/callback-sink.js';
export { memorySink, type MemorySink } from './sinks/memory-sink.js';
export { remoteSink, type RemoteSinkOptions } from './sinks/remote-sink.js';
export type { Opening, Sink, SinkReport } from './sinks/sink.js';
export type { ToolTerms } from './tools.js';

/**
 * The client with its calls booked: same type, same streams and helpers. Tags given here go on every
 * call of it. The clients of OpenAI, Anthropic, Mistral, Cohere and Bedrock are copied and stay as they
 * are; Google's offers no copy and is metered itself. `hint` names the provider where its host does
 * not tell, e.g. `{ provider: 'groq' }` behind a proxy.
 */
export function meter<Client extends object>(
  client: Client,
  tags: TagsInput = {},
  hint: EndpointHint = {},
): Client {
  const pipeline = () => defaultFarthing().pipeline;
  return meterClient(client, { meter: pipeline, tags: readTags(tags), hint });
}

/**
 * A `fetch` that books every call to a model and passes everything else untouched: for clients that
 * take a fetch, and for programs that call providers without one.
 */
export function meterFetch(options: MeterFetchOptions = {}): Fetch {
  return meteredFetch(() => defaultFarthing().pipeline, options);
}

/**
 * A function that works as before and books each use of it as a paid tool: `tool:<name>`, under the
 * tags of the code that called it.
 */
export function meterTool<Arguments extends unknown[], Result>(
  name: string,
  terms: ToolTerms,
  work: (...values: Arguments) => Result,
): (...values: Arguments) => Result {
  return meteredTool(() => defaultFarthing().pipeline, name, terms, work);
}

/** Books what the application knows of a call by itself. Throws `usage_invalid`, naming the field. */
export function recordUsage(record: UsageRecord): Entry {
  return defaultFarthing().recordUsage(record);
}

/** Begins a run: a task of several calls whose cost is of interest as a whole. */
export function startRun(tags: TagsInput = {}): Run {
  return defaultFarthing().startRun(tags);
}

/** Adds tags to a run: the one that this code runs in, unless another is named. */
export function annotate(tags: TagsInput, runId?: string): void {
  defaultFarthing().annotate(tags, runId);
}

/** Ends a run, with what became of it where that is given. Returns what it came to. */
export function endRun(runId?: string, outcome?: OutcomeInput): RunSummary {
  return defaultFarthing().endRun(runId, outcome);
}

/** Books what became of a run, now or days later: cost per successful operation rests on it. */
export function outcome(runId: string, result: OutcomeInput): Entry {
  return defaultFarthing().outcome(runId, result);
}

/** Resolves when every sink has what was booked, or knows that it cannot have it now. */
export function flush(): Promise<void> {
  return defaultFarthing().flush();
}

/** What became of the entries, by sink: what was dropped is counted here. */
export function report(): Record<string, SinkReport> {
  return defaultFarthing().report();
}
