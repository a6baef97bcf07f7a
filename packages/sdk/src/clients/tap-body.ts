import type { Readable } from 'node:stream';
import { builtIn } from '../platform.js';
import type { Answer } from '../fetch/answer.js';
import { tappedStream } from '../fetch/tapped-stream.js';

/**
 * A body in whatever form a client of AWS gets it, with an ear on it: a stream of Node, a web stream,
 * or bytes.
 */
export function tapBody(body: unknown, answer: Answer): unknown {
  if (body instanceof Uint8Array) {
    answer.take();
    answer.reader.push(body);
    answer.ended();
    return body;
  }
  if (typeof ReadableStream !== 'undefined' && body instanceof ReadableStream) {
    return tappedStream(
      () => body as ReadableStream<Uint8Array>,
      answer,
      () => {},
    );
  }
  const stream = builtIn('node:stream');
  if (stream !== undefined && body instanceof stream.Readable) {
    return tapReadable(body, answer);
  }
  // A body of a kind that is not known is not touched; the call is booked at its estimate.
  answer.aborted();
  return body;
}

const encoder = new TextEncoder();

/**
 * Listens to a stream of Node without reading it: whichever way its reader takes a chunk (`data`, `read`,
 * `pipe`, a loop), the stream emits it. So the reader has the very stream that came, unread.
 */
function tapReadable(body: Readable, answer: Answer): Readable {
  answer.take();
  const { emit } = body;
  Object.defineProperty(body, 'emit', {
    configurable: true,
    writable: true,
    value(this: Readable, name: string | symbol, ...values: unknown[]): boolean {
      if (name === 'data') answer.reader.push(bytesOf(values[0], body));
      else if (name === 'end') answer.ended();
      else if (name === 'error') answer.broke(values[0]);
      else if (name === 'close') answer.aborted();
      return emit.call(this, name, ...values);
    },
  });
  return body;
}

/** A chunk is text where its reader asked for text. */
function bytesOf(chunk: unknown, { readableEncoding: encoding }: Readable): Uint8Array {
  if (typeof chunk !== 'string') return chunk as Uint8Array;
  const isText = encoding === null || encoding.startsWith('utf');
  return isText ? encoder.encode(chunk) : Buffer.from(chunk, encoding);
}
