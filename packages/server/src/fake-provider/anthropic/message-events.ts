import type { Draft } from '../draft.js';
import type { Frame } from '../exchange.js';
import { listAt, textAt, isObject, type JsonObject } from '../json.js';
import type { Random } from '../random.js';
import { cutText } from '../words.js';

/**
 * The events of a streamed message. `message_start` carries the input counts and a placeholder of
 * output; `message_delta` at the end carries the cumulative counts, the only ones to be billed.
 */
export function messageEvents(
  message: JsonObject,
  draft: Draft,
  usage: JsonObject | undefined,
  random: Random,
): Frame[] {
  const frames: Frame[] = [];
  let output = 0;
  const emit = (type: string, fields: JsonObject, settles = false): void => {
    const bytes = `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
    frames.push(settles ? { bytes, output, settles: true } : { bytes, output });
  };
  const emitDeltas = (index: number, pieces: readonly string[], type: string, field: string) => {
    for (let start = 0; start < pieces.length;) {
      const end = Math.min(pieces.length, start + random.integer(3, 12));
      const text = pieces.slice(start, end).join('');
      start = end;
      if (type !== 'thinking_delta') {
        output =
          draft.reasoning + Math.floor(((draft.output - draft.reasoning) * end) / pieces.length);
      }
      emit('content_block_delta', { index, delta: { type, [field]: text } });
    }
  };

  emit('message_start', {
    message: {
      ...message,
      content: [],
      stop_reason: null,
      ...(usage === undefined ? {} : { usage: startUsage(usage, random) }),
    },
  });
  for (const [index, block] of listAt(message, 'content').entries()) {
    if (!isObject(block)) continue;
    const type = textAt(block, 'type');
    emit('content_block_start', { index, content_block: emptied(block) });
    if (index === 0) frames.push({ bytes: 'event: ping\ndata: {"type": "ping"}\n\n', output });
    switch (type) {
      case 'thinking':
        emitDeltas(
          index,
          cutText(random, textAt(block, 'thinking') ?? ''),
          'thinking_delta',
          'thinking',
        );
        output = draft.reasoning;
        emit('content_block_delta', {
          index,
          delta: { type: 'signature_delta', signature: block['signature'] },
        });
        break;
      case 'tool_use':
        emit('content_block_delta', {
          index,
          delta: { type: 'input_json_delta', partial_json: '' },
        });
        emitDeltas(index, draft.toolCall?.pieces ?? [], 'input_json_delta', 'partial_json');
        break;
      case 'server_tool_use':
        emit('content_block_delta', {
          index,
          delta: { type: 'input_json_delta', partial_json: JSON.stringify(block['input']) },
        });
        break;
      case 'text':
        emitDeltas(index, draft.text, 'text_delta', 'text');
        break;
      default:
    }
    emit('content_block_stop', { index });
  }
  output = draft.output;
  emit(
    'message_delta',
    {
      delta: { stop_reason: message['stop_reason'], stop_sequence: null },
      ...(usage === undefined ? {} : { usage: endUsage(usage) }),
    },
    true,
  );
  emit('message_stop', {});
  return frames;
}

/** Searches have not happened yet when the message starts, and its output is a placeholder. */
function startUsage(usage: JsonObject, random: Random): JsonObject {
  const { server_tool_use: _searches, output_tokens_details: _details, ...start } = usage;
  return { ...start, output_tokens: random.integer(1, 8) };
}

function endUsage(usage: JsonObject): JsonObject {
  const {
    cache_creation: _creation,
    service_tier: _tier,
    inference_geo: _geo,
    ...cumulative
  } = usage;
  return cumulative;
}

/** A block as it starts: what its deltas will bring is empty. */
function emptied(block: JsonObject): JsonObject {
  switch (block['type']) {
    case 'thinking':
      return { ...block, thinking: '', signature: '' };
    case 'tool_use':
    case 'server_tool_use':
      return { ...block, input: {} };
    case 'text':
      return { ...block, text: '' };
    default:
      return block;
  }
}
