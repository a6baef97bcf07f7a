import type { Tags } from '../tags.js';

/** How many runs the call's run stands within: the custom tag `depth`, above 0; undefined where it has none. */
export function runDepth({ custom }: Tags): number | undefined {
  const depth = Number(custom?.['depth']);
  return Number.isSafeInteger(depth) && depth > 0 ? depth : undefined;
}
