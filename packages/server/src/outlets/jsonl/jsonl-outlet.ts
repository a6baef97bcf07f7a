import { mkdir, open, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from '@farthing/core';
import { OutletRefused, type Outlet } from '../outlet.js';

export interface JsonlOptions {
  /** A folder of its own; made when missing. */
  directory: string;
  now?: (() => Date) | undefined;
}

/** How much of a file's end is read for what was written before a crash: more than several batches. */
const tailBytes = 16 * 1024 * 1024;
const filePattern = /^entries-\d{4}-\d{2}-\d{2}\.jsonl$/;

/**
 * The archive as the seeds ask for it: one entry a line, in a file for each day (UTC) of its writing,
 * `entries-2026-11-22.jsonl`. Files are only ever appended to and are on stable storage before `write`
 * resolves. What a crash left half written is cut off; what was written whole is not written again.
 */
export async function openJsonlOutlet(options: JsonlOptions): Promise<Outlet> {
  const { directory, now = () => new Date() } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch(refused);
  // Two of them: midnight may have passed since.
  const latest = (await readdir(directory).catch(refused))
    .filter((name) => filePattern.test(name))
    .sort()
    .slice(-2);
  // Kept as long as this is open: what comes again may come behind other journals' entries.
  const before = new Set<string>();
  for (const name of latest) {
    for (const id of await idsAtEnd(join(directory, name))) before.add(id);
  }
  return {
    async write(entries: readonly Entry[]) {
      const fresh = entries.filter(({ id }) => !before.has(id));
      if (fresh.length === 0) return;
      const path = join(directory, `entries-${now().toISOString().slice(0, 10)}.jsonl`);
      const file = await open(path, 'a', 0o600).catch(refused);
      const { size } = await file.stat();
      try {
        await file.appendFile(fresh.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
        await file.datasync();
      } catch (error) {
        // A full disk: without its half the batch can be written again.
        await file.truncate(size).catch(() => undefined);
        throw error;
      } finally {
        await file.close();
      }
    },
    close: () => Promise.resolve(),
  };
}

/** The ids of the last lines of a file; a line without an end is cut off. */
async function idsAtEnd(path: string): Promise<Set<string>> {
  const file = await open(path, 'r');
  let text: string;
  let size: number;
  try {
    ({ size } = await file.stat());
    const from = Math.max(0, size - tailBytes);
    const buffer = Buffer.alloc(size - from);
    await file.read(buffer, 0, buffer.length, from);
    const end = buffer.lastIndexOf('\n') + 1;
    if (end < buffer.length) await truncate(path, from + end);
    text = buffer.toString('utf8', 0, end);
  } finally {
    await file.close();
  }
  const ids = [...text.matchAll(/"id":"([0-9a-f-]{36})"/gi)].map(([, id]) => id!);
  return new Set(ids);
}

function refused(error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST') {
    throw new OutletRefused(message);
  }
  throw error;
}
