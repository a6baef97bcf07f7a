import { tagNames, type PriceModifiers, type RequestFacts as PricedFacts } from '@farthing/core';
import { scanJson, valueOf, type ScannedJson } from './scan-json.js';

/** What metering needs to know of a request body. Nothing of the prompt is kept. */
export interface RequestFacts {
  model: string | null;
  stream: boolean;
  /** Whether the caller asked for usage in the stream; null when it did not say. */
  includeUsage: boolean | null;
  /** Upper bound of output tokens that the caller set, of each answer. */
  maxOutput: number | null;
  /** How many answers are generated. */
  choices: number;
  modifiers: PriceModifiers | undefined;
  /** Fields that set the price of an answer that does not say what was made. */
  priced: PricedFacts | undefined;
  /** Tags in the body: `user`, `safety_identifier`, `metadata`. */
  tags: readonly (readonly [name: string, value: string])[];
  scanned: ScannedJson | null;
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
  'user',
  'safety_identifier',
  'metadata',
  'size',
  'quality',
]);
const wantedOfSpeech: ReadonlySet<string> = new Set([...wanted, 'input']);

/** Facts of a body that cannot be read: a stream, a file. */
export const noFacts: RequestFacts = {
  model: null,
  stream: false,
  includeUsage: null,
  maxOutput: null,
  choices: 1,
  modifiers: undefined,
  priced: undefined,
  tags: [],
  scanned: null,
};

/** Reads the facts of a JSON body. What is no JSON object has none: the provider will say so. */
export function readRequestFacts(body: string, api: string): RequestFacts {
  const scanned = scanJson(body, api === 'audio.speech' ? wantedOfSpeech : wanted);
  if (scanned === null) return noFacts;
  const value = (name: string) => valueOf(body, scanned, name);
  const model = value('model');
  // Most requests of chats name their model, and nothing else that is of interest here.
  if (scanned.values.size === 1 && typeof model === 'string') return { ...noFacts, model, scanned };
  const settings =
    value('generationConfig') ?? value('generation_config') ?? value('inferenceConfig');
  return {
    model: typeof model === 'string' ? model : null,
    stream: value('stream') === true,
    includeUsage: asksForUsage(value('stream_options')),
    maxOutput:
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
    priced: pricedFacts(api, value),
    tags: bodyTags(value),
    scanned,
  };
}

/** The facts of a form, which audio and image APIs take for their files. */
export function readFormFacts(form: FormData, api: string): RequestFacts {
  const text = (name: string) => {
    const value: unknown = form.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    ...noFacts,
    model: text('model') ?? null,
    stream: text('stream') === 'true',
    priced: pricedFacts(api, (name) => (name === 'n' ? Number(text(name)) : text(name))),
  };
}

function asksForUsage(options: unknown): boolean | null {
  const stated = isObject(options) ? options['include_usage'] : undefined;
  return typeof stated === 'boolean' ? stated : null;
}

function modifiersOf(value: (name: string) => unknown): PriceModifiers | undefined {
  let modifiers: PriceModifiers | undefined;
  for (const name of ['service_tier', 'inference_geo', 'speed'] as const) {
    const stated = value(name);
    if (typeof stated === 'string') modifiers = { ...modifiers, [name]: stated };
  }
  return modifiers;
}

function pricedFacts(api: string, value: (name: string) => unknown): PricedFacts | undefined {
  const facts: PricedFacts = {};
  if (api === 'audio.speech') {
    const input = value('input');
    if (typeof input === 'string') facts.input_characters = [...input].length;
  } else if (api.startsWith('images')) {
    for (const name of ['size', 'quality'] as const) {
      const text = value(name);
      if (typeof text === 'string' && /^[\w.:-]{1,40}$/.test(text)) facts[name] = text;
    }
    const images = value('n');
    if (typeof images === 'number' && Number.isSafeInteger(images) && images > 0) facts.n = images;
  }
  return Object.keys(facts).length === 0 ? undefined : facts;
}

/** Users have members of their own, and a trace id belongs elsewhere. */
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
  if (!isObject(metadata)) return tags;
  for (const [key, text] of Object.entries(metadata)) {
    if (typeof text !== 'string') continue;
    if (key === 'user_id') tags.push(['user', text]);
    else if (bodyTagNames.has(key)) tags.push([key, text]);
  }
  return tags;
}

function count(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function member(settings: unknown, ...names: string[]): number | null {
  if (!isObject(settings)) return null;
  const name = names.find((each) => each in settings);
  return name === undefined ? null : count(settings[name]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
