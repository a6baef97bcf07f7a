import { convertOpenAIResponsesUsage } from '../convert-openai-responses-usage.js';
import { fieldsAt, isFields, type Fields } from '../fields.js';
import type { StreamFoldFactory } from './stream-fold.js';

const terminal = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
]);
const markers = [...terminal];

/**
 * OpenAI `responses` streams: usage stands only in the terminal event, inside its `response`. A failed
 * one often has none; an incomplete one is billed.
 */
export const foldOpenAIResponses: StreamFoldFactory = (call) => {
  let first: Fields | undefined;
  let last: Fields | undefined;
  return {
    markers,
    add(event) {
      const response = fieldsAt(isFields(event) ? event : undefined, 'response');
      if (!isFields(event) || response === undefined) return;
      first ??= response;
      if (terminal.has(String(event['type']))) last = response;
    },
    finish() {
      const reading = convertOpenAIResponsesUsage(last ?? { ...first, usage: null }, call);
      if (reading.status !== 'no_usage') return reading;
      const reason =
        last === undefined
          ? 'the stream ended before its terminal event, which carries the usage'
          : `the stream's terminal event (status ${shown(last['status'])}) carries no usage`;
      return { ...reading, reason };
    },
  };
};

function shown(status: unknown): string {
  return typeof status === 'string' ? status.slice(0, 32) : 'unknown';
}
