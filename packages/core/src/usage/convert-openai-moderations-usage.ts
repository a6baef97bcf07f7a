import { defineConverter, type CallFacts } from './converter.js';
import { assertTotal, countAt, UsageContradiction } from './fields.js';
import { canonicalProvider } from './providers.js';
import { emptyTokens } from './usage.js';

/**
 * OpenAI's moderations are free, which is a known price of 0 and not a missing one. Others that offer
 * the same API (Mistral) bill its tokens: `prompt_tokens`, with or without a `total_tokens`.
 */
export const convertOpenAIModerationsUsage = defineConverter({
  counts: new Set(['prompt_tokens', 'input_tokens', 'completion_tokens', 'total_tokens']),
  locate: (body, call) => (isFree(call) ? undefined : body['usage']),
  read(usage) {
    const input = countAt(usage, 'prompt_tokens') ?? countAt(usage, 'input_tokens');
    if (input === undefined) throw new UsageContradiction('prompt_tokens is missing');
    const tokens = { ...emptyTokens(), input_uncached: input };
    tokens.output = countAt(usage, 'completion_tokens') ?? 0;
    assertTotal(countAt(usage, 'total_tokens'), 'total_tokens', input + tokens.output);
    return { tokens };
  },
  readWithout: (_body, { call }) =>
    isFree(call) ? { tokens: emptyTokens(), units: { requests: 1 } } : undefined,
});

function isFree({ provider }: CallFacts): boolean {
  const name = canonicalProvider(provider);
  return name === 'openai' || name === 'azure';
}
