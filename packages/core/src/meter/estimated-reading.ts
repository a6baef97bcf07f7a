import type { Estimate } from '../entry.js';
import type { CallEstimate } from '../estimate/estimator.js';
import { formatUsd } from '../money.js';
import { emptyTokens, type Usage, type UsageReading } from '../usage/usage.js';

/** What was learned of an answer by the time that it broke off. */
export interface CutAnswer {
  reading: UsageReading;
  /** Tokens of output seen go by, roughly. */
  seenTokens: number;
}

/** APIs that answer with vectors or scores, not text. */
const withoutOutput: ReadonlySet<string> = new Set([
  'embeddings',
  'embedContent',
  'embed.v2',
  'rerank',
]);

/** APIs whose price does not follow from the size of the request: sound, images, pages, searches. */
const inestimable: ReadonlySet<string> = new Set([
  'images',
  'images.generations',
  'images.edits',
  'audio.transcriptions',
  'audio.translations',
  'audio.speech',
  'moderations',
  'ocr',
  'rerank.v2',
]);

/** APIs that answer with vectors or scores. */
export function isWithoutOutput(api: string): boolean {
  return withoutOutput.has(api);
}

export function isInestimable(api: string): boolean {
  return inestimable.has(api);
}

/** The estimate of what cannot be estimated: unmetered requests, sound, images. */
export const noEstimate: Estimate = { input_tokens: 0, output_tokens: 0, method: 'none' };

/** An estimate as the journal has it. `maxOutput`: what the request was held to, if anything. */
export function estimateForEntry(
  { input, output, cost, demand }: CallEstimate,
  maxOutput = Number.POSITIVE_INFINITY,
): Estimate {
  const { mean, q95, q99, basis } = output;
  const estimate: Estimate = {
    input_tokens: input.expected,
    output_tokens: Math.min(Math.round(mean), maxOutput),
    output_q95: Math.min(Math.ceil(q95), maxOutput),
    output_q99: Math.min(Math.ceil(q99), maxOutput),
    method: input.method,
    basis,
  };
  if (cost === null) return estimate;
  const most = Math.ceil(mean);
  const cutOff = most > maxOutput ? BigInt(most - maxOutput) * demand.outputPrice : 0n;
  estimate.usd = formatUsd(cutOff === 0n ? cost.expected : cost.expected - cutOff);
  return estimate;
}

/** Whether an estimate is of tokens: not where nothing is known, or only what the request costs. */
export function hasTokens({ method }: Estimate): boolean {
  return method !== 'none' && method !== 'request';
}

/** A reading made of the estimate: for calls whose answer never came, or came without usage before it broke off. */
export function estimatedReading(estimate: Estimate, note: string): UsageReading {
  if (!hasTokens(estimate)) {
    const [what] = note.split(':');
    const reason = `${what}: what such a call costs does not follow from the size of its request`;
    return { status: 'no_usage', reason };
  }
  const usage: Usage = {
    tokens: {
      ...emptyTokens(),
      input_uncached: estimate.input_tokens,
      output: estimate.output_tokens,
    },
    details: {},
    units: {},
    modifiers: {},
    estimated: true,
    raw: null,
    notes: [note],
  };
  return { status: 'ok', usage };
}

/**
 * The usage of an answer that was cut off: what the provider had stated by then, completed by the
 * tokens that were seen to go by.
 */
export function readingOfCutAnswer(
  tapped: CutAnswer,
  estimate: Estimate,
  note: string,
): UsageReading {
  const { reading, seenTokens } = tapped;
  if (reading.status !== 'ok') {
    const { model, response_id } = reading;
    const estimated = estimatedReading({ ...estimate, output_tokens: seenTokens }, note);
    return { ...estimated, ...(model ? { model } : {}), ...(response_id ? { response_id } : {}) };
  }
  if (reading.partial === undefined) return reading;
  const { usage } = reading;
  return {
    ...reading,
    usage: {
      ...usage,
      tokens: { ...usage.tokens, output: Math.max(usage.tokens.output, seenTokens) },
      estimated: true,
      notes: [...usage.notes, note],
    },
  };
}
