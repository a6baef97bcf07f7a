import { createStreamFold } from '@farthing/core';
import type { AnswerHeaders } from './answer-headers.js';
import { DecodingTap, decoderFor } from './decoding-tap.js';
import { EventStreamTap } from './event-stream-tap.js';
import { JsonTap } from './json-tap.js';
import { SilentTap } from './silent-tap.js';
import { StreamTap, WithholdingTap } from './stream-tap.js';
import type { Tap, TappedCall } from './tap.js';

/**
 * The tap that can read an answer, by its content type; null when it is encoded in a way that is not
 * known. `withholdUsage`: the gateway asked for the stream's usage itself.
 */
export function chooseTap(
  call: TappedCall,
  status: number,
  headers: AnswerHeaders,
  withholdUsage: boolean,
): Tap | null {
  const { contentType, contentEncoding } = headers;
  if (contentType.startsWith('text/event-stream') && status < 400) {
    const fold = createStreamFold(call);
    const isPlain = withholdUsage && decoderFor(contentEncoding) === null;
    return isPlain ? new WithholdingTap(fold) : decoded(new StreamTap(fold), headers);
  }
  if (contentType.startsWith('application/vnd.amazon.eventstream')) {
    return decoded(new EventStreamTap(createStreamFold(call)), headers);
  }
  if (/^(?:audio|image)\//.test(contentType)) return new SilentTap(call);
  return decoded(new JsonTap(call), headers);
}

/** The same tap behind a decoder where the answer is compressed; null when nothing here decodes it. */
export function decoded(tap: Tap, { contentEncoding }: AnswerHeaders): Tap | null {
  const decoder = decoderFor(contentEncoding);
  if (decoder === undefined) return null;
  return decoder === null ? tap : new DecodingTap(tap, decoder);
}
