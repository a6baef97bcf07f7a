import { convertOpenAIChatUsage } from '../convert-openai-chat-usage.js';
import { fieldsAt, isFields, listAt, type Fields } from '../fields.js';
import type { StreamFoldFactory } from './stream-fold.js';

/** Every usage object of this API has a `…_tokens` field; chunks of content have none. */
const markers = ['_tokens'];

/** Where the last chunk may look unfinished, the one that said so before has to be seen too. */
const markersOfOthers = [...markers, '"finish_reason":"', '"finish_reason": "'];

/** Their last chunk always has empty `choices`, and they state usage nowhere else. */
const statesUsageLast = new Set(['openai', 'azure']);

/**
 * OpenAI `chat.completions` streams: with `stream_options.include_usage` every chunk has `usage: null`
 * and the last one, with empty `choices`, has the usage. Some compatible servers state running usage
 * in every chunk, Groq repeats it in `x_groq`, OpenRouter states it beside a choice without a
 * `finish_reason`, after the chunk that had one: the last one that states counts is what counts.
 */
export const foldOpenAIChat: StreamFoldFactory = (call) => {
  let first: Fields | undefined;
  let last: Fields | undefined;
  let finished = false;
  let final = false;
  return {
    markers: statesUsageLast.has(call.provider) ? markers : markersOfOthers,
    add(event) {
      if (!isFields(event)) return;
      first ??= event;
      const choices = listAt(event, 'choices');
      finished ||= choices.some((choice) => choice['finish_reason'] != null);
      const usage = fieldsAt(event, 'usage') ?? fieldsAt(fieldsAt(event, 'x_groq'), 'usage');
      if (usage === undefined || !statesCounts(usage)) return;
      last = event;
      // Usage beside choices that nobody has finished is a running figure.
      final = finished || choices.length === 0;
    },
    finish() {
      const reading = convertOpenAIChatUsage(
        { ...withoutUsage(first), ...withoutNulls(last) },
        call,
      );
      if (reading.status === 'no_usage') {
        return { ...reading, reason: 'the stream carried no usage chunk' };
      }
      if (reading.status !== 'ok' || final) return reading;
      return {
        ...reading,
        partial: 'the stream ended before its last chunk: output is a lower bound',
      };
    },
  };
};

function statesCounts(usage: Fields): boolean {
  return usage['prompt_tokens'] != null || usage['completion_tokens'] != null;
}

function withoutUsage(event: Fields | undefined): Fields {
  const { usage: _, x_groq: __, ...rest } = event ?? {};
  return rest;
}

function withoutNulls(event: Fields | undefined): Fields {
  const kept: Record<string, unknown> = {};
  for (const key in event) if (event[key] != null) kept[key] = event[key];
  return kept;
}
