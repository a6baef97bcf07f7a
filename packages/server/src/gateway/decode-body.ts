import * as zlib from 'node:zlib';
import type { GatewayProblem } from './error-answers.js';

/** The body as it reads; null where nothing here can read its encoding; or why it cannot be taken. */
export type DecodedBody = { plain: Buffer | null } | { problem: GatewayProblem };

type Decode = (
  body: Buffer,
  options: zlib.ZlibOptions,
  done: (error: Error | null, plain: Buffer) => void,
) => void;

/** Newer versions of Node have it. */
const zstd = (zlib as unknown as { zstdDecompress?: Decode }).zstdDecompress;

const decoders: Readonly<Record<string, Decode | undefined>> = {
  gzip: zlib.gunzip,
  'x-gzip': zlib.gunzip,
  // Both what the standard says (RFC 1950) and what many send (RFC 1951).
  deflate: (body, options, done) =>
    ((body[0] ?? 0) & 0x0f) === 8
      ? zlib.inflate(body, options, done)
      : zlib.inflateRaw(body, options, done),
  br: zlib.brotliDecompress,
  zstd,
};

/**
 * Reads a compressed request, in a thread of zlib's, up to `limit` bytes. The provider still gets the
 * bytes that came, unless something in them has to change.
 */
export function decodeBody(
  body: Buffer,
  contentEncoding: string,
  limit: number,
  done: (decoded: DecodedBody) => void,
): void {
  const encodings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
    .toReversed();
  const step = (current: Buffer, index: number): void => {
    const encoding = encodings[index];
    if (encoding === undefined) return done({ plain: current });
    const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
    if (decode === undefined) return done({ plain: null });
    decode(current, { maxOutputLength: limit }, (error, plain) => {
      if (error === null) return step(plain, index + 1);
      done({ problem: problemOf(error, encoding, limit) });
    });
  };
  step(body, 0);
}

function problemOf(error: Error, encoding: string, limit: number): GatewayProblem {
  if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
    return {
      status: 413,
      code: 'body_too_large',
      message: `The request is larger than ${limit} bytes when it is decompressed. Raise \`gateway.max_body_bytes\` in farthing.yaml if it should pass.`,
    };
  }
  return {
    status: 400,
    code: 'body_unreadable',
    message: `The request says \`content-encoding: ${encoding}\`, but its body is no ${encoding}: ${error.message}. Send it whole and compressed as it says, or without the header.`,
  };
}
