import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ProblemError } from './problem.js';

const decompress = promisify(gunzip);

/**
 * The text of a request, which may come gzipped. Whatever it inflates to, no more than `mostBytes` is
 * held. Throws a problem: `body_too_large` or `encoding_invalid`.
 */
export async function readText(request: Request, mostBytes: number): Promise<string> {
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return request.text();
  if (encoding !== 'gzip') {
    throw new ProblemError(
      415,
      'encoding_invalid',
      `\`content-encoding\` is "${encoding.slice(0, 40)}": send gzip or none.`,
    );
  }
  const bytes = Buffer.from(await request.arrayBuffer());
  try {
    return (await decompress(bytes, { maxOutputLength: mostBytes })).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new ProblemError(
        413,
        'body_too_large',
        `The body inflates to more than ${mostBytes / 1024 / 1024} MB. Send the entries in several.`,
      );
    }
    throw new ProblemError(
      400,
      'encoding_invalid',
      `The body is not gzip: ${(error as Error).message}.`,
    );
  }
}
