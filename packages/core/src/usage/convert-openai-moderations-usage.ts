import { defineConverter } from './converter.js';
import { emptyTokens } from './usage.js';

/** OpenAI moderations: free, which is a known price of 0 and not a missing one. */
export const convertOpenAIModerationsUsage = defineConverter({
  locate: () => undefined,
  read: () => ({ tokens: emptyTokens() }),
  readWithout: () => ({ tokens: emptyTokens(), units: { requests: 1 } }),
});
