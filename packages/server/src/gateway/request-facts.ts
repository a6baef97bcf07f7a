import { tagNames, type PriceModifiers } from '@farthing/core';
import { parseRange, scanJsonObject, type ScannedObject } from './scan-json.js';

/** What the gateway needs to know of a request body. Nothing of the prompt is kept. */
export interface RequestFacts {
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
  /** The body is compressed in a way that nothing here can read. */
  unread?: boolean;
  /** The response or conversation that it continues, or the content that it adds to, where the provider keeps it. */
  history: string | null;
  /** Tags in the body: `user`, `safety_identifier`, `metadata`. */
  tags: [name: string, value: string][];
  scanned: ScannedObject | null;
}

const wanted: ReadonlySet<string> = new Set([
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
  'thinking',
  'user',
  'safety_identifier',
  'metadata',
  'previous_response_id',
  'previous_interaction_id',
  'conversation',
  'cachedContent',
  'cached_content',
]);

/** Reads the facts from a JSON body. A body that is not a JSON object has none: the provider will say so. */
export function readRequestFacts(body: Buffer): RequestFacts {
  const scanned = scanJsonObject(body, wanted);
  const value = (key: string) => parseRange(body, scanned?.values.get(key));
  const model = value('model');
  const options = value('stream_options');
  const generation =
    value('generationConfig') ?? value('generation_config') ?? value('inferenceConfig');
  return {
    model: typeof model === 'string' ? model : null,
    stream: value('stream') === true,
    includeUsage:
      isObject(options) && typeof options['include_usage'] === 'boolean'
        ? options['include_usage']
        : null,
    maxOutputTokens:
      count(value('max_completion_tokens')) ??
      count(value('max_output_tokens')) ??
      count(value('max_tokens')) ??
      member(generation, 'maxOutputTokens', 'max_output_tokens', 'maxTokens'),
    choices: Math.max(
      1,
      count(value('n')) ?? 1,
      count(value('best_of')) ?? 1,
      member(generation, 'candidateCount', 'candidate_count') ?? 1,
    ),
    modifiers: scanned === null ? undefined : modifiersOf(value),
    history: historyOf(value),
    tags: scanned === null ? [] : bodyTags(value),
    scanned,
  };
}

function modifiersOf(value: (key: string) => unknown): PriceModifiers | undefined {
  let modifiers: PriceModifiers | undefined;
  for (const key of ['service_tier', 'inference_geo', 'speed'] as const) {
    const stated = value(key);
    if (typeof stated === 'string') modifiers = { ...modifiers, [key]: stated };
  }
  return modifiers;
}

function historyOf(value: (key: string) => unknown): string | null {
  const conversation = value('conversation');
  const named = isObject(conversation) ? conversation['id'] : conversation;
  const id =
    value('previous_response_id') ??
    value('previous_interaction_id') ??
    named ??
    value('cachedContent') ??
    value('cached_content');
  return typeof id === 'string' && id !== '' && id.length <= longestId ? id : null;
}

const longestId = 256;

/** Users have members of their own, and a trace id belongs in `traceparent`. */
const bodyTagNames: ReadonlySet<string> = new Set(
  tagNames.filter((name) => name !== 'user' && name !== 'trace'),
);

/** Of `metadata` only members named like a tag are taken: the rest is the caller's own and may be anything. */
function bodyTags(value: (key: string) => unknown): [string, string][] {
  const tags: [string, string][] = [];
  for (const key of ['user', 'safety_identifier']) {
    const user = value(key);
    if (typeof user === 'string') tags.push(['user', user]);
  }
  const metadata = value('metadata');
  if (!isObject(metadata)) return tags;
  for (const [key, member] of Object.entries(metadata)) {
    if (typeof member !== 'string') continue;
    if (key === 'user_id') tags.push(['user', member]);
    else if (bodyTagNames.has(key)) tags.push([key, member]);
  }
  return tags;
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function member(settings: unknown, ...keys: string[]): number | null {
  if (!isObject(settings)) return null;
  const name = keys.find((key) => key in settings);
  return name === undefined ? null : count(settings[name]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
