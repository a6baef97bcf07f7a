import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { largestContent, type Content } from './content.js';
import { messageOf, sourceProblem } from './problem.js';

/** A file that changed this recently may still be being written. */
const settleMilliseconds = 150;
const mostRounds = 20;
/** Opening a named pipe would otherwise wait until somebody writes to it. (Windows has no such flag.) */
const withoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** What of a file's state tells that it may have changed: content, rights and identity. */
export async function fileSignature(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs, mode } = await stat(path);
    return `${ino}:${size}:${mtimeMs}:${ctimeMs}:${mode}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? messageOf(error);
  }
}

/**
 * Reads a file of prices once nobody writes to it any more. Null when there is no such file.
 * Throws `price_source` for a directory, a pipe or a device, a file that may not be read, is too large or is no text.
 */
export async function readFileContent(path: string): Promise<Content | null> {
  for (let round = 0; ; round++) {
    const before = await settledSignature(path);
    const content = await readOnce(path);
    // Replaced or written to meanwhile: what was read may be half of the one and half of the other.
    if (before === (await fileSignature(path)) || round === mostRounds) return content;
  }
}

async function settledSignature(path: string): Promise<string> {
  let signature = await fileSignature(path);
  for (let round = 0; round < mostRounds; round++) {
    const age = await ageOf(path);
    if (age === null || age > settleMilliseconds || age < 0) return signature;
    await wait(settleMilliseconds);
    const now = await fileSignature(path);
    if (now === signature) return now;
    signature = now;
  }
  return signature;
}

async function ageOf(path: string): Promise<number | null> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch {
    return null;
  }
}

async function readOnce(path: string): Promise<Content | null> {
  const file = await open(path, withoutWaiting).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw sourceProblem(
      error.code === 'EACCES' || error.code === 'EPERM'
        ? `this user may not read it: give it the right to (chmod or chown)`
        : `it cannot be opened: ${error.message}`,
      error,
    );
  });
  if (file === null) return null;
  try {
    const found = await file.stat();
    if (found.isDirectory()) {
      throw sourceProblem('it is a directory: name the file of prices in it');
    }
    if (!found.isFile())
      throw sourceProblem('it is no ordinary file (a pipe or a device): name a file of prices');
    if (found.size > largestContent) throw tooLarge(found.size);
    return { text: decode(await file.readFile()) };
  } finally {
    await file.close();
  }
}

export function tooLarge(bytes: number | null) {
  const size = bytes === null ? 'more' : `${Math.round(bytes / 1024 / 1024)} MB`;
  return sourceProblem(
    `it has ${size === 'more' ? '' : `${size}, `}more than ${largestContent / 1024 / 1024} MB, and no price file is that large: name another`,
  );
}

/** Text as UTF-8; anything else is no price file. */
export function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw sourceProblem('it is not text in UTF-8: write YAML or JSON', error);
  }
}
