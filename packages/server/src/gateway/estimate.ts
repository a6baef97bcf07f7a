import { emptyTokens, type Estimate, type Usage, type UsageReading } from '@farthing/core';
import type { Tapped } from './tap.js';

/** Output expected of a call that sets no limit (requirement R16), until it is learned per feature. */
const expectedOutput = 500;

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

/**
 * A rough figure before the call leaves, from the size of the request alone: it is what a call is
 * booked at when nothing better ever becomes known. `none` where the size says nothing.
 */
export function estimateTokens(
  api: string,
  bodyBytes: number,
  maxOutputTokens: number | null,
): Estimate {
  if (inestimable.has(api)) return { input_tokens: 0, output_tokens: 0, method: 'none' };
  return {
    input_tokens: Math.ceil(bodyBytes / 4),
    output_tokens: withoutOutput.has(api)
      ? 0
      : Math.min(maxOutputTokens ?? expectedOutput, expectedOutput),
    method: 'bytes/4',
  };
}

/** A reading made of the estimate: for calls whose answer never came, or came without usage before it broke off. */
export function estimatedReading(estimate: Estimate, note: string): UsageReading {
  if (estimate.method === 'none') {
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
export function readingOfCutAnswer(tapped: Tapped, estimate: Estimate, note: string): UsageReading {
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
