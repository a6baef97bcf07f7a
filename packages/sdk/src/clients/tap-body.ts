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
    return tapReadable(stream, body, answer);
  }
  // A body of a kind that is not known is not touched; the call is booked at its estimate.
  answer.aborted();
  return body;
}

type Streams = NonNullable<ReturnType<typeof builtIn<'node:stream'>>>;

function tapReadable({ Transform, pipeline }: Streams, body: Readable, answer: Answer): Readable {
  answer.take();
  let isBroken = false;
  body.once('error', () => {
    isBroken = true;
  });
  const tap = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      answer.reader.push(chunk);
      done(null, chunk);
    },
  });
  pipeline(body, tap, (error) => {
    if (error == null) answer.ended();
    else if (isBroken) answer.broke(error);
    else answer.aborted();
  });
  return tap;
}
