import { isBatch } from './batch.js';
import { defineConverter } from './converter.js';
import {
  assertPart,
  assertTotal,
  countAt,
  fieldsAt,
  listAt,
  nameAt,
  requiredCountAt,
  type Fields,
} from './fields.js';
import { emptyTokens, type TokenDetails } from './usage.js';

/** Gemini Interactions API: the relations of generateContent in snake case. */
export const convertGeminiInteractionsUsage = defineConverter({
  counts: new Set([
    'total_tokens',
    'total_input_tokens',
    'total_cached_tokens',
    'total_output_tokens',
    'total_tool_use_tokens',
    'total_thought_tokens',
  ]),
  locate: (body) => holder(body)['usage'],
  identify: (body) => ({
    model: nameAt(holder(body), 'model'),
    response_id: nameAt(holder(body), 'id'),
  }),
  read(usage, { body, call, notes }) {
    const input = requiredCountAt(usage, 'total_input_tokens');
    const cached = countAt(usage, 'total_cached_tokens') ?? 0;
    const toolUse = countAt(usage, 'total_tool_use_tokens');
    const thoughts = countAt(usage, 'total_thought_tokens');
    assertPart(cached, 'total_cached_tokens', input, 'total_input_tokens');
    const tokens = emptyTokens();
    tokens.cache_read = cached;
    tokens.input_uncached = input - cached + (toolUse ?? 0);
    tokens.output = (countAt(usage, 'total_output_tokens') ?? 0) + (thoughts ?? 0);
    const sum = input + (toolUse ?? 0) + tokens.output;
    assertTotal(countAt(usage, 'total_tokens'), 'total_tokens', sum);

    const details: TokenDetails = {};
    if (thoughts !== undefined) details.reasoning = thoughts;
    if (toolUse !== undefined) details.tool_use_input = toolUse;
    const inputs = ['input_tokens_by_modality', 'tool_use_tokens_by_modality'];
    const caches = ['cached_tokens_by_modality'];
    const outputs = ['output_tokens_by_modality'];
    const allInput = input + (toolUse ?? 0);
    const parts: [keyof TokenDetails, string[], string, number][] = [
      ['input_audio', inputs, 'audio', allInput],
      ['input_image', inputs, 'image', allInput],
      ['input_video', inputs, 'video', allInput],
      ['cache_read_audio', caches, 'audio', cached],
      ['cache_read_image', caches, 'image', cached],
      ['output_audio', outputs, 'audio', tokens.output],
      ['output_image', outputs, 'image', tokens.output],
    ];
    for (const [name, lists, modality, whole] of parts) {
      const items = lists.flatMap((list) => listAt(usage, list));
      let count = 0;
      for (const item of items) {
        if (nameAt(item, 'modality')?.toLowerCase() === modality) {
          count += countAt(item, 'tokens') ?? 0;
        }
      }
      // Where the cached part is broken down, that no audio was cached is known, not unsaid.
      if (count === 0 && (lists !== caches || items.length === 0)) continue;
      assertPart(count, `${name} tokens`, whole, 'the count');
      details[name] = count;
    }
    if (listAt(usage, 'grounding_tool_count').length > 0) {
      notes.push(
        'grounded: the fee depends on a free quota shared by all calls and is not included',
      );
    }
    const tier = isBatch(call) ? 'batch' : nameAt(holder(body), 'service_tier')?.toLowerCase();
    return { tokens, details, modifiers: tier === undefined ? {} : { service_tier: tier } };
  },
});

/** A stream's last event wraps the interaction. */
function holder(body: Fields): Fields {
  return fieldsAt(body, 'interaction') ?? body;
}
