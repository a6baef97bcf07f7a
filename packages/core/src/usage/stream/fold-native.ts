import { convertNativeUsage } from '../convert-native-usage.js';
import { isFields } from '../fields.js';
import { foldAnthropicMessages } from './fold-anthropic-messages.js';
import { foldLastUsage } from './fold-last-usage.js';
import type { StreamFold, StreamFoldFactory } from './stream-fold.js';

const foldOthers = foldLastUsage(convertNativeUsage, ['oken']);

/** Bedrock's InvokeModelWithResponseStream: the vendor's own events, Anthropic's by their types. */
export const foldNative: StreamFoldFactory = (call) => {
  const anthropic = foldAnthropicMessages(call);
  const others = foldOthers(call);
  let chosen: StreamFold | undefined;
  return {
    markers: [...anthropic.markers, ...others.markers],
    add(event) {
      const type = isFields(event) ? event['type'] : undefined;
      if (type === 'message_start') chosen = anthropic;
      (chosen ?? others).add(event);
    },
    finish: () => (chosen ?? others).finish(),
  };
};
