import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FarthingError } from '@farthing/core';

/**
 * Appends one line of JSON durably. A line that a crash or a full disk has torn is left alone: the new one
 * starts after it. Throws `code` where the whole line cannot be written.
 */
export function appendLine(path: string, value: unknown, code: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(path, 'a+', 0o600);
    try {
      const { size } = fstatSync(file);
      const last = Buffer.alloc(1);
      if (size > 0) readSync(file, last, 0, 1, size - 1);
      const isTorn = size > 0 && last[0] !== 0x0a;
      writeWhole(file, Buffer.from(`${isTorn ? '\n' : ''}${JSON.stringify(value)}\n`));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { message } = error as Error;
    throw new FarthingError(code, `${path} cannot be written: ${message}.`, { cause: error });
  }
}

/**
 * One write where the disk has room: two processes that append at once must not mix their lines. A disk that
 * has room for a part takes that part and says how much, and only the next write fails.
 */
function writeWhole(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) {
    written += writeSync(file, bytes, written);
  }
}

/** The same where calls wait for this process: without keeping it from them. Throws what the disk says. */
export async function appendLineSoon(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    const isTorn = size > 0 && last[0] !== 0x0a;
    await file.appendFile(`${isTorn ? '\n' : ''}${JSON.stringify(value)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}
