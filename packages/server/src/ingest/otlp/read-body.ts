import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';

/** Limits of one request. A batch of 10 MB of spans passes; what inflates to more than that is refused. */
export const bodyLimits = {
  /** Bytes as sent. */
  sent: 20 * 1024 * 1024,
  /** Bytes after decompression. */
  inflated: 64 * 1024 * 1024,
} as const;

/** Why a body cannot be read, with the status to answer. None of them gets better by a retry. */
export class UnreadableBody extends Error {
  readonly status: 400 | 413 | 415;

  constructor(status: 400 | 413 | 415, message: string) {
    super(message);
    this.status = status;
  }
}

/** The body of a request, decompressed. Never holds more than the limits, whatever is sent. */
export async function readBody(request: Request): Promise<Buffer> {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  const sent = await readSent(request);
  if (encoding === 'identity' || encoding === '') return sent;
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    throw new UnreadableBody(
      415,
      `content-encoding is "${encoding.slice(0, 40)}": send gzip, deflate or none.`,
    );
  }
  const decompress = promisify(encoding === 'gzip' ? gunzip : inflate);
  try {
    return (await decompress(sent, { maxOutputLength: bodyLimits.inflated })) as Buffer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new UnreadableBody(
        413,
        `The body inflates to more than ${bodyLimits.inflated / 1024 / 1024} MB. Send smaller batches (OTEL_BSP_MAX_EXPORT_BATCH_SIZE).`,
      );
    }
    throw new UnreadableBody(400, `The body is not ${encoding}: ${(error as Error).message}.`);
  }
}

async function readSent(request: Request): Promise<Buffer> {
  const tooLarge = () =>
    new UnreadableBody(
      413,
      `The body has more than ${bodyLimits.sent / 1024 / 1024} MB. Send smaller batches (OTEL_BSP_MAX_EXPORT_BATCH_SIZE).`,
    );
  if (Number(request.headers.get('content-length') ?? 0) > bodyLimits.sent) throw tooLarge();
  if (request.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > bodyLimits.sent) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
