import type { Entry } from '../entry.js';

const nowhere = new Set(['', 'global', 'not_available', 'default']);

/**
 * The geographic area that served the call, where the answer or the call's context names one:
 * a cloud location (`europe-west1`), Anthropic's `inference_geo`, or OpenAI's regional host (`eu`).
 */
export function regionOf({ context, usage }: Pick<Entry, 'context' | 'usage'>): string | null {
  const host = /^(?:https?:\/\/)?([a-z]{2})\.api\.openai\.com/.exec(context?.endpoint ?? '');
  const region = context?.location ?? usage?.modifiers.inference_geo ?? host?.[1];
  return region === undefined || nowhere.has(region.toLowerCase()) ? null : region;
}
