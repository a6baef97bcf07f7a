import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate, setTimeout } from 'node:timers/promises';
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  gzipSync,
} from 'node:zlib';
import type { Books, BilledOutcome } from './books.js';
import type { Directives } from './directives.js';
import type { Answer, Frame } from './exchange.js';
import { paceOf, type Latency } from './latency.js';

/** Frames written in one go when nothing makes them wait; then the event loop gets its turn. */
const framesPerTurn = 64;
const slowFaultMs = 2_000;
/** Servers compress on the fly at a low quality; the default one is meant for files. */
const quickBrotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

/**
 * Sends an answer at its model's pace and enters it in the books: whole when it got through to the
 * frame that tells the usage, up to the last frame sent when the client left or a fault cut it.
 * The books are written before the bytes that tell the client, so a client that has its usage finds
 * it in the books.
 */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  directives: Directives,
  latency: Latency,
  books: Books,
): Promise<void> {
  const fault = directives.fault?.kind;
  const leaving = new AbortController();
  response.on('close', () => leaving.abort());
  if (response.destroyed) leaving.abort();
  const pace = paceOf(latency, answer, directives);
  if (fault === 'slow') pace.firstByteMs += slowFaultMs;
  const full = answer.posting.counts.output;

  let settled = false;
  const settle = (outcome: BilledOutcome, output: number): void => {
    if (settled) return;
    settled = true;
    const counts = { ...answer.posting.counts, output };
    books.record({ ...answer.posting, counts, outcome });
  };
  const outcomeWhenWhole =
    answer.reportsUsage && fault !== 'malformed-usage' && fault !== 'no-usage'
      ? 'completed'
      : 'unreported';

  const begun = performance.now();
  const waitUntil = async (due: number): Promise<void> => {
    const left = begun + due - performance.now();
    if (left >= 1) await setTimeout(left, undefined, { signal: leaving.signal }).catch(() => {});
  };
  const headers: Record<string, string> = { 'content-type': answer.contentType, ...answer.headers };
  if (directives.encoding !== undefined) headers['content-encoding'] = directives.encoding;

  if ('plain' in answer.content) {
    await waitUntil(pace.firstByteMs + full * pace.perTokenMs);
    if (leaving.signal.aborted) {
      const generating = performance.now() - begun - pace.firstByteMs;
      const generated =
        generating <= 0 ? 0 : pace.perTokenMs === 0 ? full : generating / pace.perTokenMs;
      settle('aborted', Math.min(full, Math.floor(generated)));
      return;
    }
    const whole = answer.content.plain;
    const half = Math.floor(whole.length / 2);
    const sent = fault === 'invalid-json' ? whole.slice(0, half) : whole;
    const bytes = encode(sent, directives.encoding);
    headers['content-length'] = String(bytes.length);
    response.writeHead(200, headers);
    if (fault === 'cut') {
      settle('cut', full);
      response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
      return;
    }
    settle(fault === 'invalid-json' ? 'unreported' : outcomeWhenWhole, full);
    response.end(bytes);
    return;
  }

  const frames = fault === 'invalid-json' ? spoil(answer.content.frames) : answer.content.frames;
  const cutAfter =
    fault === 'cut' ? (directives.cutAfter ?? Math.ceil(frames.length / 2)) : undefined;
  const sink = openSink(response, directives.encoding);
  await waitUntil(pace.firstByteMs);
  if (!leaving.signal.aborted) response.writeHead(200, { ...headers, 'cache-control': 'no-cache' });
  let generated = 0;
  for (const [index, frame] of frames.entries()) {
    await waitUntil(
      pace.firstByteMs +
        (pace.chunkMs === undefined ? frame.output * pace.perTokenMs : index * pace.chunkMs),
    );
    if (index % framesPerTurn === framesPerTurn - 1) await setImmediate();
    if (leaving.signal.aborted) return settle('aborted', generated);
    if (index === cutAfter) {
      settle('cut', generated);
      await sink.flush();
      // What was sent before the cut has to arrive: hang up only once the socket has taken it.
      do await setTimeout(1);
      while ((response.socket?.writableLength ?? 0) > 0);
      response.destroy();
      return;
    }
    if (frame.settles === true) settle(outcomeWhenWhole, full);
    generated = frame.output;
    if (!sink.write(frame.bytes)) {
      await once(response, 'drain', { signal: leaving.signal }).catch(() => {});
    }
  }
  settle(outcomeWhenWhole, full);
  sink.end();
}

interface Sink {
  /** False when the client reads slower than this writes. */
  write(bytes: string): boolean;
  flush(): Promise<void>;
  end(): void;
}

function openSink(response: ServerResponse, encoding: Directives['encoding']): Sink {
  if (encoding === undefined) {
    return {
      write: (bytes) => response.write(bytes),
      flush: () => Promise.resolve(),
      end: () => response.end(),
    };
  }
  const compressor = encoding === 'gzip' ? createGzip() : createBrotliCompress(quickBrotli);
  const flushKind = encoding === 'gzip' ? constants.Z_SYNC_FLUSH : constants.BROTLI_OPERATION_FLUSH;
  compressor.pipe(response);
  return {
    write: (bytes) => {
      compressor.write(bytes);
      compressor.flush(flushKind);
      return true;
    },
    flush: () => new Promise((resolve) => compressor.flush(flushKind, () => resolve())),
    end: () => compressor.end(),
  };
}

function encode(body: string | Buffer, encoding: Directives['encoding']): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  if (encoding === 'gzip') return gzipSync(bytes);
  if (encoding === 'br') return brotliCompressSync(bytes, quickBrotli);
  return bytes;
}

/** Breaks the JSON of the frame in the middle; its framing stays whole. */
function spoil(frames: Frame[]): Frame[] {
  const middle = Math.floor(frames.length / 2);
  return frames.map((frame, index) =>
    index === middle
      ? { ...frame, bytes: frame.bytes.replace(/.{3}((?:\r?\n){2}|)$/s, '$1') }
      : frame,
  );
}
