export type { CountingProvider } from './ask-provider.js';
export { openRequestCounter } from './open-request-counter.js';
export { countProblem, RequestCounter, type InputCount } from './request-counter.js';
export { TokenizerThread } from './tokenizer-thread.js';
