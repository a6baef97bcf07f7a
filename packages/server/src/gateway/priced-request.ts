import type { RequestFacts as PricedFacts } from '@farthing/core';
import { parseRange, scanJsonObject } from './scan-json.js';

/** Which members of a request set its price, by API: for answers that do not say what was made. */
const pricedMembers: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['images.generations', new Set(['size', 'quality', 'n'])],
  ['images.edits', new Set(['size', 'quality', 'n'])],
  ['images', new Set(['size', 'quality', 'n'])],
  ['audio.speech', new Set(['input'])],
]);

/** Members that a form holds instead of a JSON body, where an API takes files. */
export const formMembers: ReadonlySet<string> = new Set([
  'model',
  'stream',
  'size',
  'quality',
  'n',
]);

/** APIs whose requests are forms with files in them. */
export const formApis: ReadonlySet<string> = new Set([
  'audio.transcriptions',
  'audio.translations',
  'images.edits',
  'images',
]);

/**
 * The facts of a JSON request that set the price of its answer; undefined for the many APIs whose
 * answers say it all. Of the text to be spoken only the number of characters (Unicode code points)
 * is kept.
 */
export function pricedRequest(api: string, body: Buffer): PricedFacts | undefined {
  const members = pricedMembers.get(api);
  if (members === undefined) return undefined;
  const values = scanJsonObject(body, members)?.values;
  if (values === undefined) return undefined;
  return pricedFacts((name) => parseRange(body, values.get(name)));
}

/** The same facts out of a form, as far as it was read. */
export function pricedForm(fields: ReadonlyMap<string, string>): PricedFacts | undefined {
  return pricedFacts((name) => {
    const text = fields.get(name);
    return name === 'n' && text !== undefined ? Number(text) : text;
  });
}

function pricedFacts(value: (name: string) => unknown): PricedFacts | undefined {
  const facts: PricedFacts = {};
  for (const name of ['size', 'quality'] as const) {
    const text = value(name);
    if (typeof text === 'string' && /^[\w.:-]{1,40}$/.test(text)) facts[name] = text;
  }
  const count = value('n');
  if (typeof count === 'number' && Number.isSafeInteger(count) && count > 0) facts.n = count;
  const input = value('input');
  if (typeof input === 'string') facts.input_characters = codePoints(input);
  return Object.keys(facts).length === 0 ? undefined : facts;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
