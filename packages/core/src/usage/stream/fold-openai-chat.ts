import { convertOpenAIChatUsage } from '../convert-openai-chat-usage.js';
import { fieldsAt, isFields, listAt, type Fields } from '../fields.js';
import type { StreamFoldFactory } from './stream-fold.js';

/** Every usage object of this API has a `…_tokens` field; chunks of content have none. */
const markers = ['_tokens'];

/**
 * OpenAI `chat.completions` streams: with `stream_options.include_usage` every chunk has `usage: null`
 * and the last one, with empty `choices`, has the usage. Some compatible servers state running usage
 * in every chunk, Groq repeats it in `x_groq`: the last one counts.
 */
export const foldOpenAIChat: StreamFoldFactory = (call) => {
  let first: Fields | undefined;
  let last: Fields | undefined;
  return {
    markers,
    add(event) {
      if (!isFields(event)) return;
      first ??= event;
      if ((event['usage'] ?? fieldsAt(event, 'x_groq')?.['usage']) != null) last = event;
    },
    finish() {
      const reading = convertOpenAIChatUsage({ ...first, ...withoutNulls(last) }, call);
      if (reading.status === 'no_usage') {
        return { ...reading, reason: 'the stream carried no usage chunk' };
      }
      if (reading.status !== 'ok' || last === undefined || isFinal(last)) return reading;
      return {
        ...reading,
        partial: 'the stream ended before its last chunk: output is a lower bound',
      };
    },
  };
};

/** Usage beside unfinished choices is a running figure. */
function isFinal(chunk: Fields): boolean {
  const choices = listAt(chunk, 'choices');
  return choices.length === 0 || choices.some((choice) => choice['finish_reason'] != null);
}

function withoutNulls(event: Fields | undefined): Fields {
  const kept: Record<string, unknown> = {};
  for (const key in event) if (event[key] != null) kept[key] = event[key];
  return kept;
}
