import { defineConverter } from './converter.js';
import {
  amountAt,
  assertPart,
  assertTotal,
  countAt,
  fieldsAt,
  nameAt,
  noteUnknown,
  requiredCountAt,
  UsageContradiction,
} from './fields.js';
import { emptyTokens, type TokenDetails } from './usage.js';

/**
 * OpenAI Realtime: the usage of one `response.done`. Text, audio and image counts include their cached
 * parts. Transcription of the input is billed apart, by its own event.
 */
export const convertOpenAIRealtimeUsage = defineConverter({
  counts: new Set(['input_tokens', 'output_tokens', 'total_tokens']),
  locate: (body) => (fieldsAt(body, 'response') ?? body)['usage'],
  identify: (body) => {
    const response = fieldsAt(body, 'response') ?? body;
    return { model: nameAt(response, 'model'), response_id: nameAt(response, 'id') };
  },
  read(usage, { notes }) {
    // The transcription of one input, by models that are billed by the second.
    if (usage['type'] === 'duration') {
      const seconds = amountAt(usage, 'seconds');
      if (seconds === undefined) throw new UsageContradiction('seconds is missing');
      return { tokens: emptyTokens(), units: { audio_seconds: seconds } };
    }
    const input = requiredCountAt(usage, 'input_tokens');
    const output = requiredCountAt(usage, 'output_tokens');
    assertTotal(countAt(usage, 'total_tokens'), 'total_tokens', input + output);
    const inputDetails = fieldsAt(usage, 'input_token_details');
    const outputDetails = fieldsAt(usage, 'output_token_details');
    const cachedDetails = fieldsAt(inputDetails, 'cached_tokens_details');
    noteUnknown(inputDetails, knownInputDetails, 'input_token_details', notes);
    noteUnknown(outputDetails, knownOutputDetails, 'output_token_details', notes);
    const cached = countAt(inputDetails, 'cached_tokens') ?? 0;
    assertPart(cached, 'cached_tokens', input, 'input_tokens');
    const tokens = emptyTokens();
    tokens.input_uncached = input - cached;
    tokens.cache_read = cached;
    tokens.output = output;
    const details: TokenDetails = {};
    const parts = [
      ['input_audio', countAt(inputDetails, 'audio_tokens'), input],
      ['input_image', countAt(inputDetails, 'image_tokens'), input],
      ['cache_read_audio', countAt(cachedDetails, 'audio_tokens'), cached],
      ['cache_read_image', countAt(cachedDetails, 'image_tokens'), cached],
      ['output_audio', countAt(outputDetails, 'audio_tokens'), output],
      ['reasoning', countAt(outputDetails, 'reasoning_tokens'), output],
    ] as const;
    for (const [name, count, whole] of parts) {
      if (count === undefined) continue;
      assertPart(count, `${name} tokens`, whole, 'the count');
      details[name] = count;
    }
    return { tokens, details };
  },
});

const knownInputDetails = new Set(['cached_tokens', 'text_tokens', 'audio_tokens', 'image_tokens']);
const knownOutputDetails = new Set(['text_tokens', 'audio_tokens', 'reasoning_tokens']);
