import { isFields, listAt, type Fields } from '../usage/fields.js';

/** Lists of text in which something stands that sets a price or a note: what of each item that is. */
const digests: Readonly<Record<string, (item: Fields) => Fields>> = {
  /** Which search was offered (OpenAI's Responses). */
  tools: ({ type }) => ({ type }),
  /** Whether pictures were annotated (Mistral OCR). */
  pages: (page) => {
    const isAnnotated = listAt(page, 'images').some((image) => image['image_annotation'] != null);
    return isAnnotated ? { images: [{ image_annotation: true }] } : {};
  },
  /** What was searched for (Gemini), as often as it was. */
  candidates: ({ finishReason, groundingMetadata }) => {
    const queries = isFields(groundingMetadata) ? groundingMetadata['webSearchQueries'] : null;
    const searches = Array.isArray(queries) ? queries.map(() => '') : [];
    return { finishReason, groundingMetadata: { webSearchQueries: searches } };
  },
};

/** A member of an answer without the text that nobody who reads usage looks at. */
export function digestOf(name: string, value: unknown): unknown {
  const digest = Object.hasOwn(digests, name) ? digests[name] : undefined;
  if (digest === undefined || !Array.isArray(value)) return value;
  return value.map((item) => (isFields(item) ? digest(item) : item));
}
