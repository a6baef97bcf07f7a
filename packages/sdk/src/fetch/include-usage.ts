import { JsonText, parseRange } from '@farthing/core';
import type { Endpoint } from '../call/endpoint.js';
import type { RequestFacts } from '../call/request-facts.js';

/**
 * How the name `stream` begins. Texts of up to six characters are looked for natively, by the first of
 * them; with one more, a search through a request takes six times as long.
 */
const streamName = '"strea';
/** A name may be written with escapes. */
const escaped = '\\u';

/**
 * Asks an OpenAI-style stream for its usage where the caller did not: without it the answer carries
 * none. The text is edited at one spot. Null when nothing is to be done. The extra chunk that the
 * provider then sends is withheld from the caller.
 * https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options
 */
export function includeUsage(
  body: string | null,
  factsOf: () => RequestFacts,
  { api, priceAs }: Endpoint,
): string | null {
  if (body === null || (api !== 'chat.completions' && api !== 'completions')) return null;
  // Mistral states usage unasked, and refuses a request that asks for it.
  if (priceAs === 'mistral') return null;
  // Most requests ask for no stream: they are read when their calls are booked.
  if (!body.includes(streamName) && !body.includes(escaped)) return null;
  const { stream, includeUsage: asked, scanned } = factsOf();
  if (!stream || asked === true || scanned === null) return null;
  const range = scanned.values.get('stream_options');
  if (range === undefined) {
    const at = scanned.bodyStart;
    return `${body.slice(0, at)}"stream_options":{"include_usage":true},${body.slice(at)}`;
  }
  const options = parseRange(new JsonText(body), range);
  const merged = { ...(typeof options === 'object' ? options : {}), include_usage: true };
  return body.slice(0, range.start) + JSON.stringify(merged) + body.slice(range.end);
}
