import { defineConverter } from './converter.js';
import { assertTotal, countAt, UsageContradiction } from './fields.js';
import { openaiModifiers } from './openai-service-tier.js';
import { readReportedCost } from './reported-cost.js';
import { emptyTokens } from './usage.js';

/**
 * OpenAI `embeddings` and its likes: input only. Voyage (embeddings and rerank) states
 * `total_tokens` alone, Mistral adds a `completion_tokens` of 0.
 */
export const convertOpenAIEmbeddingsUsage = defineConverter({
  counts: new Set(['prompt_tokens', 'completion_tokens', 'total_tokens']),
  locate: (body) => body['usage'],
  read(usage, { body, call }) {
    const prompt = countAt(usage, 'prompt_tokens');
    const total = countAt(usage, 'total_tokens');
    const tokens = emptyTokens();
    const input = prompt ?? total;
    if (input === undefined) throw new UsageContradiction('prompt_tokens is missing');
    tokens.input_uncached = input;
    tokens.output = countAt(usage, 'completion_tokens') ?? 0;
    assertTotal(total, 'total_tokens', tokens.input_uncached + tokens.output);
    const reported = readReportedCost(usage, call.provider);
    const modifiers = openaiModifiers(body, call);
    return reported === undefined ? { tokens, modifiers } : { tokens, modifiers, reported };
  },
});
