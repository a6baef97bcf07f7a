import { convertGeminiUsage } from '../convert-gemini-usage.js';
import { fieldsAt, isFields, listAt, type Fields } from '../fields.js';
import type { StreamFoldFactory } from './stream-fold.js';

const markers = ['usageMetadata'];

/** Gemini streams: every chunk states cumulative usage; the last one that does counts. */
export const foldGemini: StreamFoldFactory = (call) => {
  let first: Fields | undefined;
  let last: Fields | undefined;
  return {
    markers,
    add(event) {
      if (!isFields(event)) return;
      first ??= event;
      if (statesCounts(fieldsAt(event, 'usageMetadata'))) last = event;
    },
    finish() {
      const { usageMetadata: _, ...identity } = first ?? {};
      const reading = convertGeminiUsage({ ...identity, ...last }, call);
      if (reading.status === 'no_usage') {
        return { ...reading, reason: 'the stream carried no usageMetadata' };
      }
      if (reading.status !== 'ok' || last === undefined || !isUnfinished(last)) return reading;
      return {
        ...reading,
        partial: 'the stream ended before its last chunk: output is a lower bound',
      };
    },
  };
};

/** Until the last chunk, Vertex states `trafficType` alone. */
function statesCounts(usage: Fields | undefined): boolean {
  return usage?.['promptTokenCount'] != null || usage?.['totalTokenCount'] != null;
}

/** Candidates that are still being written; a chunk without candidates does not say. */
function isUnfinished(chunk: Fields): boolean {
  const candidates = listAt(chunk, 'candidates');
  return (
    candidates.length > 0 && candidates.every((candidate) => candidate['finishReason'] == null)
  );
}
