import {
  closeEntry,
  Estimator,
  estimateForEntry,
  promptTokens,
  readUsage,
  totalInput,
  type CallShape,
  type Entry,
  type EstimatorState,
  type OpenedLine,
  type Outcome,
  type Price,
  type TokenPriceQuestion,
  type TokenPrices,
  type UsageReading,
} from '@farthing/core';
import { demoHistory, type DemoRecord } from '../demo/index.js';
import { outcomeOf, placeOf, toolUses } from './demo-run-entries.js';

export interface DemoEntriesOptions {
  until: number;
  /** Length of the history. Default 30. */
  days?: number;
  price: Price;
  tokenPrices: (question: TokenPriceQuestion) => TokenPrices | null;
  pseudonymize: (user: string) => string | null;
}

/**
 * The demo company's past month as ledger entries, priced as of each call's own time and estimated by
 * what the calls before it had taught. Returns what was learned in the end.
 */
export function* demoEntries(options: DemoEntriesOptions): Generator<Entry, EstimatorState> {
  const { until, days, price, pseudonymize } = options;
  const estimator = new Estimator(options.tokenPrices);
  let number = 0;
  for (const record of demoHistory({
    seed: 'farthing',
    until,
    ...(days === undefined ? {} : { days }),
  })) {
    const opened = openedLine(record, demoId(record.at, number++), pseudonymize);
    const shape = shapeOf(record);
    const estimate = estimator.estimate(shape);
    const reading = readingOf(record);
    const entry = closeEntry(
      { ...opened, estimate: estimateForEntry(estimate) },
      { ...ending(record), reading },
      price,
    );
    const { usage } = entry;
    if (usage !== null) {
      estimator.learn(shape, usage, estimate.output);
      if (record.prompt !== null) {
        entry.prompt = promptTokens(record.prompt, totalInput(usage.tokens));
      }
    }
    if (record.prefixes !== null) entry.prefixes = record.prefixes;
    const span = placeOf(record);
    if (span !== null) entry.span = span;
    yield entry;
    for (const beside of [...toolUses(record, entry), ...outcomeOf(record, entry)]) {
      yield { ...beside, id: demoId(Date.parse(beside.started_at), number++) };
    }
  }
  return estimator.state();
}

function shapeOf({ provider, modelRequested, tags, ...record }: DemoRecord): CallShape {
  return {
    provider,
    model: modelRequested,
    tags,
    at: record.at,
    textBytes: record.requestBytes,
    fileTokens: 0,
    maxOutput: record.maxOutput,
    caching: record.caching,
    hasOutput: record.api !== 'embeddings',
  };
}

function openedLine(
  record: DemoRecord,
  id: string,
  pseudonymize: (user: string) => string | null,
): Omit<OpenedLine, 'estimate'> {
  const { user, ...tags } = record.tags;
  const pseudonym = user === undefined ? null : pseudonymize(user);
  return {
    type: 'opened',
    schema: 1,
    id,
    source: 'demo',
    started_at: new Date(record.at).toISOString(),
    provider: record.provider,
    api: record.api,
    stream: record.stream,
    model_requested: record.modelRequested,
    attempt: record.attempt,
    tags: pseudonym === null ? tags : { ...tags, user: pseudonym },
  };
}

function readingOf({ body, httpStatus, provider, api }: DemoRecord): UsageReading {
  return body === null
    ? { status: 'not_billed', reason: `the provider answered ${httpStatus}` }
    : readUsage({ provider, api, payload: body });
}

function outcomeOfCall({ body, aborted }: DemoRecord): Outcome {
  if (body === null) return 'error';
  return aborted ? 'aborted' : 'ok';
}

function ending(record: DemoRecord) {
  return {
    outcome: outcomeOfCall(record),
    httpStatus: record.httpStatus,
    errorType: record.errorType,
    durationMilliseconds: Math.round(record.durationMs),
    firstByteMilliseconds: Math.round(record.firstByteMs),
  };
}

/** A UUID of version 7 made of the call's time and number: unique within the demo's history. */
function demoId(at: number, number: number): string {
  const time = Math.floor(at).toString(16).padStart(12, '0');
  const tail = number.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}`;
}
