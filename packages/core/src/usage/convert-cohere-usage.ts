import { defineConverter } from './converter.js';
import {
  amountAt,
  countAt,
  fieldsAt,
  isFields,
  nameAt,
  noteUnknown,
  UsageContradiction,
  type Fields,
} from './fields.js';
import { emptyTokens, type BilledUnits } from './usage.js';

/**
 * Cohere chat, embed and rerank: `billed_units` is what is billed; `tokens` also counts a hidden
 * preamble and is not. Embedded images are billed by their `image_tokens`, which come on top. It stands in `usage` (v2), in `meta` (embed, rerank), or on streams in the last
 * event's `delta.usage` (v2) or `response.meta` (v1).
 */
export const convertCohereUsage = defineConverter({
  counts: new Set(['cached_tokens']),
  locate: (body) => holderOf(body),
  identify: (body) => ({
    model: nameAt(body, 'model'),
    response_id: nameAt(body, 'id') ?? nameAt(body, 'response_id'),
  }),
  read(usage, { notes }) {
    const billed = fieldsAt(usage, 'billed_units');
    if (billed === undefined) throw new UsageContradiction('billed_units is missing');
    const tokens = emptyTokens();
    const images = countAt(billed, 'image_tokens') ?? 0;
    tokens.input_uncached = (countAt(billed, 'input_tokens') ?? 0) + images;
    tokens.output = countAt(billed, 'output_tokens') ?? 0;
    const units: BilledUnits = {};
    for (const [field, unit] of billedUnits) {
      const amount = amountAt(billed, field);
      if (amount) units[unit] = amount;
    }
    noteUnknown(billed, knownUnits, 'billed_units', notes, 'which is not in the price');
    const cached = countAt(usage, 'cached_tokens');
    if (cached) notes.push(`${cached} cached tokens are part of a count that is not billed`);
    return { tokens, units, details: images === 0 ? {} : { input_image: images } };
  },
});

const billedUnits = [
  ['search_units', 'search_units'],
  ['classifications', 'classifications'],
] as const;

const knownUnits = new Set([
  'input_tokens',
  'output_tokens',
  'image_tokens',
  ...billedUnits.map(([field]) => field),
]);

function holderOf(body: Fields): unknown {
  const delta = fieldsAt(body, 'delta');
  const response = fieldsAt(body, 'response');
  for (const holder of [body, delta, response]) {
    if (isFields(holder?.['usage'])) return holder['usage'];
    if (isFields(fieldsAt(holder, 'meta')?.['billed_units'])) return holder?.['meta'];
  }
  return undefined;
}
