import { emptyTokens, type Estimate, type Usage, type UsageReading } from '@farthing/core';
import type { Tapped } from './tap.js';

/** Output expected of a call that sets no limit (requirement R16), until it is learned per feature. */
const expectedOutput = 500;

/** APIs that answer with vectors, not text. */
const withoutOutput: ReadonlySet<string> = new Set(['embeddings', 'embedContent']);

/**
 * A rough figure before the call leaves, from the size of the request alone: it is what a call is
 * booked at when nothing better ever becomes known.
 */
export function estimateTokens(
  api: string,
  bodyBytes: number,
  maxOutputTokens: number | null,
): Estimate {
  return {
    input_tokens: Math.ceil(bodyBytes / 4),
    output_tokens: withoutOutput.has(api)
      ? 0
      : Math.min(maxOutputTokens ?? expectedOutput, expectedOutput),
    method: 'bytes/4',
  };
}

/** A reading made of the estimate: for calls whose answer never came, or came without usage before it broke off. */
export function estimatedReading(
  estimate: Pick<Estimate, 'input_tokens' | 'output_tokens'>,
  note: string,
): UsageReading {
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
    const estimated = estimatedReading(
      { input_tokens: estimate.input_tokens, output_tokens: seenTokens },
      note,
    );
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
