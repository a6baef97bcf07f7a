import { tagNames } from '@farthing/core';
import { parseRange, scanJsonObject, type ScannedObject } from './scan-json.js';

/** What the gateway needs to know of a request body. Nothing of the prompt is kept. */
export interface RequestFacts {
  model: string | null;
  stream: boolean;
  /** Whether the caller asked for usage in the stream; null when it did not say. */
  includeUsage: boolean | null;
  /** Upper bound of output tokens that the caller set. */
  maxOutputTokens: number | null;
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
  'user',
  'safety_identifier',
  'metadata',
]);

/** Reads the facts from a JSON body. A body that is not a JSON object has none: the provider will say so. */
export function readRequestFacts(body: Buffer): RequestFacts {
  const scanned = scanJsonObject(body, wanted);
  const value = (key: string) => parseRange(body, scanned?.values.get(key));
  const model = value('model');
  const options = value('stream_options');
  const generation = value('generationConfig');
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
      (isObject(generation) ? count(generation['maxOutputTokens']) : null),
    tags: scanned === null ? [] : bodyTags(value),
    scanned,
  };
}

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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
