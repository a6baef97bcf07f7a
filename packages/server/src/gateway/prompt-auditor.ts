import {
  contextElements,
  hiddenSource,
  promptApis,
  PromptSampler,
  promptSizes,
  promptTokens,
  totalInput,
  type Entry,
  type PromptTokens,
} from '@farthing/core';
import type { ScannedObject } from './scan-json.js';

/** A request as it was sent, kept until its call has ended. */
export interface SentRequest {
  body: Buffer;
  /** Elements that the caller named as holding retrieved text, beside the usual ones. */
  elements: readonly string[] | null;
  /** Where its members stand in the body; null where it is no JSON object. */
  scanned: ScannedObject | null;
}

/**
 * Takes prompts apart by source: after the call has ended, when nobody waits, and of large requests only
 * some, so that it stays within a few microseconds a call. Keeps counts, never text.
 */
export class PromptAuditor {
  readonly #sampler = new PromptSampler();
  readonly #elements: readonly string[];

  /** @param elements further names of elements that hold retrieved text, from the configuration. */
  constructor(elements: readonly string[] = []) {
    this.#elements = [...contextElements, ...elements];
  }

  /** Undefined where nothing was counted to divide, the request is no chat, or it is passed over. */
  audit(entry: Entry, { body, elements }: Omit<SentRequest, 'scanned'>): PromptTokens | undefined {
    const { usage, api, tags } = entry;
    if (!promptApis.has(api) || usage === null || usage.estimated) return undefined;
    const inputTokens = totalInput(usage.tokens);
    if (inputTokens === 0) return undefined;
    const standsFor = this.#sampler.choose(tags.feature ?? '', body.length);
    if (standsFor === 0) return undefined;
    const request = parse(body);
    const named = elements === null ? this.#elements : [...this.#elements, ...elements];
    const sizes = promptSizes(api, request, named);
    if (sizes === null) return undefined;
    const tokens = promptTokens(sizes, inputTokens, hiddenSource(request));
    return standsFor === 1 ? tokens : { ...tokens, calls: standsFor };
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
