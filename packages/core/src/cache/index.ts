export { leastMarkedTokens, leastPromptTokens, type PromptPrefixes } from './prompt-prefixes.js';
export { PrefixReader, type PromptToRead } from './prefix-reader.js';
export { type PrefixHash } from './read-prefixes.js';
export {
  breakEvenReads,
  CacheSimulation,
  savedShare,
  simulateCache,
  type CachedCall,
  type CachedInput,
  type CachePolicy,
  type InputRates,
  type PrefixMark,
} from './simulate-cache.js';
