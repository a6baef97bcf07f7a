import { convertAnthropicMessagesUsage } from '../convert-anthropic-messages-usage.js';
import { fieldsAt, isFields, type Fields } from '../fields.js';
import type { StreamFoldFactory } from './stream-fold.js';

const markers = ['message_start', 'message_delta', 'message_stop'];

/**
 * Anthropic `messages` streams: `message_start` states the input (its output count is a placeholder),
 * each `message_delta` states cumulative counts. The last value that is not null wins; nothing is
 * ever added up.
 */
export const foldAnthropicMessages: StreamFoldFactory = (call) => {
  let message: Fields | undefined;
  let usage: Record<string, unknown> | undefined;
  let final = false;
  return {
    markers,
    add(event) {
      if (!isFields(event)) return;
      switch (event['type']) {
        case 'message_start': {
          message = fieldsAt(event, 'message');
          const stated = fieldsAt(message, 'usage');
          if (stated !== undefined) usage = merge(usage, stated);
          break;
        }
        case 'message_delta': {
          const stated = fieldsAt(event, 'usage');
          if (stated !== undefined) usage = merge(usage, stated);
          if (fieldsAt(event, 'delta')?.['stop_reason'] != null) final = true;
          break;
        }
        case 'message_stop':
          final = true;
          break;
      }
    },
    finish() {
      const body = { ...message, usage: usage ?? null };
      const reading = convertAnthropicMessagesUsage(body, call);
      if (reading.status === 'no_usage') {
        return { ...reading, reason: 'the stream ended before its message_start event' };
      }
      if (reading.status !== 'ok' || final) return reading;
      return {
        ...reading,
        partial: 'the stream ended before its last message_delta: output is a lower bound',
      };
    },
  };
};

function merge(known: Fields | undefined, stated: Fields): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...known };
  // A new figure for all writes without a new split makes the earlier split void.
  const written = stated['cache_creation_input_tokens'];
  if (written != null && written !== known?.['cache_creation_input_tokens']) {
    delete merged['cache_creation'];
  }
  for (const key in stated) {
    const value = stated[key];
    if (value == null) continue;
    const before = merged[key];
    merged[key] = isFields(value) && isFields(before) ? merge(before, value) : value;
  }
  return merged;
}
