import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { FarthingError } from '@farthing/core';
import { LineWriter } from '../output/line-writer.js';

/** Throws before anything is read: a mistyped directory should not cost a pass over the books. */
export function requireDirectory(file: string | undefined): void {
  if (file === undefined || existsSync(dirname(file))) return;
  throw new FarthingError(
    'not_writable',
    `${file} cannot be written: there is no directory ${dirname(file)}. Make it, or name another file with --out.`,
  );
}

/**
 * Writes lines to standard output, or to a file that appears under its name only when it is whole.
 * Returns false when the reader left early (`| head`).
 */
export async function writeLines(
  output: Writable,
  file: string | undefined,
  lines: AsyncIterable<string>,
): Promise<boolean> {
  if (file === undefined) return writeTo(output, lines);
  const unfinished = `${file}.unfinished`;
  const stream = createWriteStream(unfinished);
  const done = finished(stream);
  // Awaited below; until then a failure must not count as unhandled.
  done.catch(() => undefined);
  try {
    await writeTo(stream, lines);
    stream.end();
    await done;
    await rename(unfinished, file);
  } catch (error) {
    stream.destroy();
    await rm(unfinished, { force: true });
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new FarthingError(
      'not_writable',
      `${file} cannot be written: ${(error as Error).message}. Name another file with --out.`,
      { cause: error },
    );
  }
  return true;
}

async function writeTo(output: Writable, lines: AsyncIterable<string>): Promise<boolean> {
  const writer = new LineWriter(output);
  for await (const line of lines) {
    await writer.write(line);
    if (writer.readerLeft) return false;
  }
  await writer.flush();
  return true;
}
