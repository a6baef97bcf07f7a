import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FarthingError } from '@farthing/core';

/**
 * Appends one line of JSON durably. A line that a crash has torn is left alone: the new one starts
 * after it. Throws `budgets_unwritable`.
 */
export function appendLine(path: string, value: unknown): void {
  let file: number;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    file = openSync(path, 'a+', 0o600);
  } catch (error) {
    throw new FarthingError(
      'budgets_unwritable',
      `${path} cannot be written: ${(error as Error).message}.`,
      { cause: error },
    );
  }
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    if (size > 0) readSync(file, last, 0, 1, size - 1);
    const isTorn = size > 0 && last[0] !== 0x0a;
    // One write: two processes that append at once must not mix their lines.
    writeSync(file, `${isTorn ? '\n' : ''}${JSON.stringify(value)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The same where calls wait for this process: without keeping it from them. */
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
