import type { PromptPrefixes, PromptSizes, Tags } from '@farthing/core';
import { Random } from '../fake-provider/random.js';
import { features } from './company.js';
import { drawWork, type DemoCall } from './draw-work.js';
import { promptParts } from './prompt-parts.js';
import { promptPrefixes } from './prompt-prefixes.js';
import { rareCalls } from './rare-calls.js';
import { messagesLimit } from './request.js';
import { activity } from './rhythm.js';
import type { RunPart } from './run-parts.js';
import { featureAt, marketReports, runawayRun, storiesBefore, type Stories } from './stories.js';
import { usagePayload } from './usage-payload.js';

/** A past call, ready to be metered and priced. The same seed and window give the same calls. */
export interface DemoRecord {
  /** When it left, milliseconds since the epoch. */
  at: number;
  /** As the ledger names it: `openai`, `anthropic`, `google`. */
  provider: 'openai' | 'anthropic' | 'google';
  api: DemoCall['variant']['api'];
  /** The model that was asked for; the one that answered stands in `body`. */
  modelRequested: string;
  /** The provider's answer without its text, in its own shape; null when it answered with an error. */
  body: Record<string, unknown> | null;
  /** `user` is a name of the demo, to be turned into a pseudonym like any other. */
  tags: Tags;
  attempt: number;
  stream: boolean;
  durationMs: number;
  firstByteMs: number;
  httpStatus: number;
  /** The caller left before the end of the answer, which is billed all the same. */
  aborted: boolean;
  /** The provider's error type when it answered with one. */
  errorType: string | null;
  /** Size of the request: bytes of its body, and characters by source. Null where it is no chat. */
  requestBytes: number;
  prompt: PromptSizes | null;
  /** Null where the prompt is too short for any cache. */
  prefixes: PromptPrefixes | null;
  /** Of calls of a run. */
  part: RunPart | null;
  /** Output tokens that the request allows; null when it sets no limit. */
  maxOutput: number | null;
  caching: 'none' | '5m';
}

export interface DemoHistoryOptions {
  seed: string | number;
  /** Length of the history. Default 30. */
  days?: number;
  /** End of the history, milliseconds since the epoch: no call is later. */
  until: number;
  /** Pieces of work on a busy weekday; a piece is one call or a run of several. Default 1,050. */
  workPerDay?: number;
}

const day = 86_400_000;
/** Work is drawn per feature in slots of this length. */
const slot = 15 * 60_000;

/**
 * The demo company's past calls, in the order of time: its daily and weekly rhythm, caches, retries,
 * errors, unattributed and unpriced calls, and stories to be found (see stories.ts).
 */
export function* demoHistory(options: DemoHistoryOptions): Generator<DemoRecord> {
  const { until, days = 30, workPerDay = 1_050 } = options;
  const seed = String(options.seed);
  const stories = storiesBefore(until);
  const from = until - days * day;
  // A run that began shortly before midnight goes on in the next day: it waits here until then.
  let waiting = [
    ...runawayRun(seed, stories),
    ...marketReports(seed, stories),
    ...rareCalls(seed, stories),
  ].filter((call) => call.at >= from && call.at < until);
  for (let start = from - (from % day); start < until; start += day) {
    const drawn = [...waiting, ...drawDay(seed, start, workPerDay, stories)].filter(
      (call) => call.at >= from && call.at + call.durationMs < until,
    );
    const end = start + day;
    waiting = drawn.filter((call) => call.at >= end);
    const today = drawn.filter((call) => call.at < end).sort((a, b) => a.at - b.at);
    const random = new Random(`${seed} answers ${start}`);
    for (const call of today) yield toRecord(random, call);
  }
}

function drawDay(seed: string, start: number, workPerDay: number, stories: Stories): DemoCall[] {
  const random = new Random(`${seed} day ${start}`);
  const calls: DemoCall[] = [];
  const weights = features.reduce((sum, feature) => sum + feature.weight, 0);
  for (const feature of features) {
    const share = (workPerDay * feature.weight) / weights / weekdayActivity(feature.hours);
    for (let at = start; at < start + day; at += slot) {
      const expected = share * activity(feature.hours, at);
      for (let count = roundAtRandom(random, expected); count > 0; count--) {
        const moment = at + random.integer(0, slot - 1);
        calls.push(...drawWork(random, featureAt(feature, moment, stories), moment));
      }
    }
  }
  return calls;
}

/** Sum of a weekday's slots, so that weights are shares of the day's work whatever the hours. */
function weekdayActivity(hours: Parameters<typeof activity>[0]): number {
  const monday = Date.UTC(2026, 0, 5);
  let sum = 0;
  for (let at = monday; at < monday + day; at += slot) sum += activity(hours, at);
  return sum;
}

function roundAtRandom(random: Random, expected: number): number {
  const noisy = expected * random.lognormal(1, 0.35);
  return Math.floor(noisy) + (random.chance(noisy % 1) ? 1 : 0);
}

const errorTypes = {
  openai: { 429: 'rate_limit_exceeded', 500: 'server_error', 529: 'server_error' },
  anthropic: { 429: 'rate_limit_error', 500: 'api_error', 529: 'overloaded_error' },
  gemini: { 429: 'RESOURCE_EXHAUSTED', 500: 'INTERNAL', 529: 'UNAVAILABLE' },
} as const;

function toRecord(random: Random, call: DemoCall): DemoRecord {
  const { mount, api, model } = call.variant;
  return {
    at: call.at,
    provider: mount === 'gemini' ? 'google' : mount,
    api,
    modelRequested: model,
    body: call.failure === null ? usagePayload(random, call) : null,
    tags: call.tags,
    attempt: call.attempt,
    stream: call.stream,
    durationMs: call.durationMs,
    firstByteMs: call.firstByteMs,
    httpStatus: call.failure ?? 200,
    aborted: call.aborted === true,
    part: call.part ?? null,
    errorType: call.failure === null ? null : errorTypes[mount][call.failure],
    ...requestFacts(random, call),
  };
}

/** The requests of live traffic come to so many bytes a token, searches that the provider runs aside. */
const bytesPerToken = 4.41;

function requestFacts(
  random: Random,
  call: DemoCall,
): Pick<DemoRecord, 'requestBytes' | 'prompt' | 'prefixes' | 'maxOutput' | 'caching'> {
  const parts = promptParts(call);
  const tokens = parts.system + parts.history + parts.context + parts.user;
  const { api } = call.variant;
  return {
    requestBytes: Math.round(tokens * bytesPerToken * random.lognormal(1, 0.008)),
    prompt: api === 'embeddings' ? null : { ...parts, tools: 0, files: 0 },
    prefixes: api === 'embeddings' ? null : promptPrefixes(random, call),
    maxOutput: api === 'messages' ? messagesLimit : null,
    caching: api === 'messages' && call.feature.marks !== 'nothing' ? '5m' : 'none',
  };
}
