import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Closing } from '@farthing/core';

/** Where closings stand: one JSON object a line, only ever appended to. */
export function closingsPath(dataDirectory: string): string {
  return join(dataDirectory, 'closings.jsonl');
}

/** All closings, oldest first. A last line that a crash has torn is left out: that closing never was. */
export async function readClosings(dataDirectory: string): Promise<Closing[]> {
  let text: string;
  try {
    text = await readFile(closingsPath(dataDirectory), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap(readClosing);
}

function readClosing(line: string): Closing[] {
  try {
    const value = JSON.parse(line) as Partial<Closing>;
    return typeof value.month === 'string' && typeof value.as_of === 'string'
      ? [value as Closing]
      : [];
  } catch {
    return [];
  }
}

/** Resolves when the line is on stable storage. It begins on a line of its own, whatever a crash left. */
export async function appendClosing(dataDirectory: string, closing: Closing): Promise<void> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const file = await open(closingsPath(dataDirectory), 'a', 0o600);
  try {
    const { size } = await file.stat();
    await file.write(`${size === 0 ? '' : '\n'}${JSON.stringify(closing)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}
