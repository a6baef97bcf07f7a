import {
  JsonText,
  parseRange,
  scanJsonObject,
  settingMembers,
  statedSettings,
  type RequestFacts as PricedFacts,
  type ScannedObject,
  type StatedSettings,
} from '@farthing/core';

/** What metering needs to know of a request body. Nothing of the prompt is kept. */
export interface RequestFacts extends StatedSettings {
  /** Fields that set the price of an answer that does not say what was made. */
  priced: PricedFacts | undefined;
  scanned: ScannedObject | null;
}

const wanted: ReadonlySet<string> = new Set([...settingMembers, 'size', 'quality']);
const wantedOfSpeech: ReadonlySet<string> = new Set([...wanted, 'input']);

/** Facts of a body that cannot be read: a stream, a file. */
export const noFacts: RequestFacts = {
  model: null,
  stream: false,
  includeUsage: null,
  maxOutputTokens: null,
  choices: 1,
  modifiers: undefined,
  priced: undefined,
  tags: [],
  scanned: null,
};

/** Reads the facts of a JSON body. What is no JSON object has none: the provider will say so. */
export function readRequestFacts(body: string, api: string): RequestFacts {
  const json = new JsonText(body);
  const scanned = scanJsonObject(json, api === 'audio.speech' ? wantedOfSpeech : wanted);
  if (scanned === null) return noFacts;
  const value = (name: string) => parseRange(json, scanned.values.get(name));
  const model = value('model');
  // Most requests of chats name their model, and nothing else that is of interest here.
  if (scanned.values.size === 1 && typeof model === 'string') return factsOfModel(model, scanned);
  const priced = setsPrice(api) ? pricedFacts(api, value) : undefined;
  return { ...statedSettings(value), priced, scanned };
}

function factsOfModel(model: string, scanned: ScannedObject): RequestFacts {
  return {
    model,
    stream: false,
    includeUsage: null,
    maxOutputTokens: null,
    choices: 1,
    modifiers: undefined,
    priced: undefined,
    tags: noFacts.tags,
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
    priced: setsPrice(api)
      ? pricedFacts(api, (name) => (name === 'n' ? Number(text(name)) : text(name)))
      : undefined,
  };
}

/** APIs whose answers do not say all that was made: the request's fields set the price, too. */
export function setsPrice(api: string): boolean {
  return api === 'audio.speech' || api.startsWith('images');
}

function pricedFacts(api: string, value: (name: string) => unknown): PricedFacts | undefined {
  const facts: PricedFacts = {};
  if (api === 'audio.speech') {
    const input = value('input');
    if (typeof input === 'string') facts.input_characters = [...input].length;
  } else {
    for (const name of ['size', 'quality'] as const) {
      const text = value(name);
      if (typeof text === 'string' && /^[\w.:-]{1,40}$/.test(text)) facts[name] = text;
    }
    const images = value('n');
    if (typeof images === 'number' && Number.isSafeInteger(images) && images > 0) facts.n = images;
  }
  return Object.keys(facts).length === 0 ? undefined : facts;
}
