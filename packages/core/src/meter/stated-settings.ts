import { tagNames } from '../tags.js';
import { isFields } from '../usage/fields.js';
import type { PriceModifiers } from '../usage/usage.js';

/** What a request body says of itself beside its prompt: the same for a gateway and for an app. */
export interface StatedSettings {
  model: string | null;
  stream: boolean;
  /** Whether the caller asked for usage in the stream; null when it did not say. */
  includeUsage: boolean | null;
  /** Upper bound of output tokens that the caller set, of each answer. */
  maxOutputTokens: number | null;
  /** How many answers are generated (`n`, `best_of`, `candidateCount`). */
  choices: number;
  /** What is asked for that changes prices: tier, region, speed. */
  modifiers: PriceModifiers | undefined;
  /** Tags in the body: `user`, `safety_identifier`, `metadata`. */
  tags: [name: string, value: string][];
}

/** The top-level members that `statedSettings` asks for. */
export const settingMembers: readonly string[] = [
  'model',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'generationConfig',
  'generation_config',
  'inferenceConfig',
  'n',
  'best_of',
  'service_tier',
  'inference_geo',
  'speed',
  'user',
  'safety_identifier',
  'metadata',
];

/** @param value the parsed top-level member of that name; undefined when it is absent or no JSON. */
export function statedSettings(value: (name: string) => unknown): StatedSettings {
  const model = value('model');
  const options = value('stream_options');
  const stated = isFields(options) ? options['include_usage'] : undefined;
  const settings =
    value('generationConfig') ?? value('generation_config') ?? value('inferenceConfig');
  return {
    model: typeof model === 'string' ? model : null,
    stream: value('stream') === true,
    includeUsage: typeof stated === 'boolean' ? stated : null,
    maxOutputTokens:
      count(value('max_completion_tokens')) ??
      count(value('max_output_tokens')) ??
      count(value('max_tokens')) ??
      member(settings, 'maxOutputTokens', 'max_output_tokens', 'maxTokens'),
    choices: Math.max(
      1,
      count(value('n')) ?? 1,
      count(value('best_of')) ?? 1,
      member(settings, 'candidateCount', 'candidate_count') ?? 1,
    ),
    modifiers: modifiersOf(value),
    tags: bodyTags(value),
  };
}

/**
 * Whether input may be written to a cache, which can cost more than reading it. Anthropic and Bedrock
 * cache what is marked; the others cache by themselves, mostly at no charge.
 *
 * @param body text or bytes that can be searched for text.
 */
export function cachingOf(
  api: string,
  body: { includes(text: string): boolean },
): 'none' | '5m' | '1h' {
  if (api === 'messages' || api.startsWith('invokeModel')) {
    if (!body.includes('"cache_control"')) return 'none';
    return body.includes('"1h"') ? '1h' : '5m';
  }
  if (api.startsWith('converse')) return body.includes('"cachePoint"') ? '5m' : 'none';
  return '5m';
}

function modifiersOf(value: (name: string) => unknown): PriceModifiers | undefined {
  let modifiers: PriceModifiers | undefined;
  for (const name of ['service_tier', 'inference_geo', 'speed'] as const) {
    const stated = value(name);
    if (typeof stated === 'string') modifiers = { ...modifiers, [name]: stated };
  }
  return modifiers;
}

/** Users have members of their own, and a trace id belongs in `traceparent`. */
const bodyTagNames: ReadonlySet<string> = new Set(
  tagNames.filter((name) => name !== 'user' && name !== 'trace'),
);

/** Of `metadata` only members named like a tag are taken: the rest is the caller's own and may be anything. */
function bodyTags(value: (name: string) => unknown): [string, string][] {
  const tags: [string, string][] = [];
  for (const name of ['user', 'safety_identifier']) {
    const user = value(name);
    if (typeof user === 'string') tags.push(['user', user]);
  }
  const metadata = value('metadata');
  if (!isFields(metadata)) return tags;
  for (const [name, text] of Object.entries(metadata)) {
    if (typeof text !== 'string') continue;
    if (name === 'user_id') tags.push(['user', text]);
    else if (bodyTagNames.has(name)) tags.push([name, text]);
  }
  return tags;
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function member(settings: unknown, ...names: string[]): number | null {
  if (!isFields(settings)) return null;
  const name = names.find((each) => each in settings);
  return name === undefined ? null : count(settings[name]);
}
