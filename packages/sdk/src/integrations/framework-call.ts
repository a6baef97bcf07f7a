import { canonicalProvider, FarthingError, type Tags } from '@farthing/core';
import type { MeteredCall } from '../call/metered-call.js';
import type { Meter } from '../call/meter.js';
import { noFacts } from '../call/request-facts.js';
import { defaultFarthing } from '../default.js';
import type { Farthing } from '../farthing.js';
import { readTags, type TagsInput } from '../context/read-tags.js';

export interface IntegrationOptions {
  /** Tags of the calls that pass here. */
  tags?: TagsInput | undefined;
  /** The meter that books them. Default: the one that the package's functions share. */
  farthing?: Farthing | undefined;
}

/** @internal */
export interface FrameworkCall {
  provider: string;
  model: string;
  /** How core reads what the framework reports, e.g. `ai-sdk.provider-v3`. */
  api: string;
  stream: boolean;
  /** What is sent, for the estimate; it is measured and not kept. */
  request: unknown;
  maxOutput?: number | undefined;
}

/**
 * The meter and the tags that an integration's options name.
 * @internal
 */
export function integration({ tags = {}, farthing }: IntegrationOptions): {
  meter: () => Meter;
  tags: Tags;
} {
  return { meter: () => (farthing ?? defaultFarthing()).pipeline, tags: readTags(tags) };
}

/**
 * Opens a call that a framework makes and reports on. Throws `budget_exceeded` where a budget says no:
 * frameworks do not try such an error again.
 * @internal
 */
export async function openFrameworkCall(
  meter: Meter,
  tags: Tags,
  { provider, model, api, stream, request, maxOutput }: FrameworkCall,
): Promise<MeteredCall> {
  const name = canonicalProvider(provider);
  const call = await meter.open({
    endpoint: {
      provider: name,
      priceAs: name,
      family: 'openai',
      api,
      model,
      streams: stream,
      context: undefined,
    },
    facts: { ...noFacts, maxOutputTokens: maxOutput ?? null },
    body: textOf(request),
    tags,
    requestTags: [],
    attempt: 1,
  });
  const { outcome, refusal } = call.admitted?.admission ?? {};
  if (outcome !== 'refused') return call;
  const code = refusal?.code ?? 'budget_exceeded';
  throw new FarthingError(code, refusal?.message ?? 'A budget refuses this call.');
}

function textOf(request: unknown): string | null {
  try {
    return JSON.stringify(request) ?? null;
  } catch {
    return null;
  }
}
