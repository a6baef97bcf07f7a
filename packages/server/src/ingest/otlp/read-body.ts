import { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';

/** Limits of one request. A batch of 10 MB of spans passes; what inflates to more than that is refused. */
export const bodyLimits = {
  /** Bytes as sent. */
  sent: 20 * 1024 * 1024,
  /** Bytes after decompression. */
  inflated: 64 * 1024 * 1024,
} as const;

/** Bytes that are inflated at a time: what is held of a body beside what is read of it. */
const inflatedAtOnce = 128 * 1024;

/** Why a body cannot be read, with the status to answer. None of them gets better by a retry. */
export class UnreadableBody extends Error {
  readonly status: 400 | 413 | 415;

  constructor(status: 400 | 413 | 415, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The body of a request, decompressed, piece by piece as it comes. Never holds more than a piece,
 * whatever is sent. Throws {@link UnreadableBody} where the limits end, or what is sent is not compressed
 * as it says.
 */
export async function* readBody(request: Request): AsyncGenerator<Uint8Array> {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  const sent = readSent(request);
  if (encoding === 'identity' || encoding === '') return yield* sent;
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw new UnreadableBody(
      415,
      `content-encoding is "${encoding.slice(0, 40)}": send gzip, deflate or none.`,
    );
  }
  const open = encoding === 'gzip' ? createGunzip : createInflate;
  const inflating = open({ chunkSize: inflatedAtOnce });
  const source = Readable.from(sent, { objectMode: false });
  // An error of the source is one of what it inflates to: `pipe` alone would leave the reader waiting.
  source.once('error', (error) => inflating.destroy(error));
  source.pipe(inflating);
  let length = 0;
  try {
    for await (const piece of inflating as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > bodyLimits.inflated) throw inflatesTooFar();
      yield piece;
    }
  } catch (error) {
    if (error instanceof UnreadableBody) throw error;
    throw new UnreadableBody(400, `The body is not ${encoding}: ${(error as Error).message}.`);
  } finally {
    source.destroy();
    inflating.destroy();
  }
}

async function* readSent(request: Request): AsyncGenerator<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > bodyLimits.sent) throw sentTooLarge();
  if (request.body === null) return;
  let length = 0;
  for await (const piece of request.body as AsyncIterable<Uint8Array>) {
    length += piece.length;
    if (length > bodyLimits.sent) throw sentTooLarge();
    yield piece;
  }
}

function sentTooLarge(): UnreadableBody {
  return new UnreadableBody(
    413,
    `The body has more than ${bodyLimits.sent / 1024 / 1024} MB. Send smaller batches (OTEL_BSP_MAX_EXPORT_BATCH_SIZE).`,
  );
}

function inflatesTooFar(): UnreadableBody {
  return new UnreadableBody(
    413,
    `The body inflates to more than ${bodyLimits.inflated / 1024 / 1024} MB. Send smaller batches (OTEL_BSP_MAX_EXPORT_BATCH_SIZE).`,
  );
}
