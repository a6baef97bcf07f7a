export { leastMarkedTokens, leastPromptTokens, type PromptPrefixes } from './prompt-prefixes.js';
export { PrefixReader, type PromptToRead } from './prefix-reader.js';
export { cacheMarker, type PrefixHash, type PromptJson } from './read-prefixes.js';
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
export { cacheReturn, type CacheReturn } from './cache-return.js';
export { cacheRulesOf, type CacheRules } from './cache-rules.js';
export {
  buildCache,
  leastHitRatio,
  type CacheBooks,
  type CacheFlag,
  type CacheReport,
  type CacheRequest,
  type CacheRow,
} from './cache-report.js';
export type { CacheAdvice, CacheModelRow, CacheSettingRow } from './cache-model.js';
export { cacheSettings, type CacheSetting } from './cache-settings.js';
export type { PrefixGaps, PrefixStability } from './prefix-gaps.js';
export type { PrefixedCall, PrefixSearch } from './prefix-search.js';
export { bitsOf } from './prefix-sampler.js';
