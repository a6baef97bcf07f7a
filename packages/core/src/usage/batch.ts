import type { CallFacts } from './converter.js';

/** Whether the call ran in a batch API, which the bodies of most providers do not say. */
export function isBatch(call: CallFacts): boolean {
  return call.context?.batch === true;
}
