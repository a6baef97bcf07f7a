import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { Watch, type GroupWatchState, type WatchSettings, type WatchState } from '@farthing/core';
import type { JournalPosition } from '../store/store.js';

/** Another number than this: what an earlier Farthing has learnt cannot be used and is learnt anew. */
const format = 1;

interface Header {
  format: number;
  saved_at: string;
  /** How far the journals had been read. */
  positions: JournalPosition[];
  /** While it learns from the past: where that ends. */
  learn_until: JournalPosition[] | null;
  watch: WatchState;
}

export interface Snapshot {
  watch: Watch;
  positions: JournalPosition[];
  learnUntil: JournalPosition[] | null;
}

/**
 * Writes what a watch knows, a line for each group, in parts, so that others have their turn in between. No
 * call may be added meanwhile. Readers find the old file or the new one.
 */
export async function writeSnapshot(
  path: string,
  { watch, positions, learnUntil }: Snapshot,
  now: Date,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.new`;
  const header: Header = {
    format,
    saved_at: now.toISOString(),
    positions,
    learn_until: learnUntil,
    watch: watch.toJSON(),
  };
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      let text = `${JSON.stringify(header)}\n`;
      for (const [key, group] of watch.groups) {
        text += `${JSON.stringify([key, group])}\n`;
        if (text.length < 256 * 1024) continue;
        await file.write(text);
        text = '';
        await setImmediate();
      }
      await file.write(`${text}{"groups":${watch.groups.size}}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Null where there is none. Throws where it cannot be used. */
export async function readSnapshot(
  path: string,
  settings: WatchSettings,
): Promise<Snapshot | null> {
  let snapshot: Snapshot | null = null;
  let isWhole = false;
  const stream = createReadStream(path, 'utf8');
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  try {
    for await (const line of lines) {
      const value: unknown = JSON.parse(line);
      if (snapshot === null) {
        const header = value as Header;
        if (header.format !== format) throw new Error('another version of Farthing wrote it');
        snapshot = {
          watch: new Watch(settings, header.watch),
          positions: header.positions,
          learnUntil: header.learn_until,
        };
      } else if (Array.isArray(value)) {
        const [key, state] = value as [string, GroupWatchState];
        snapshot.watch.restoreGroup(key, state);
      } else isWhole = (value as { groups: number }).groups === snapshot.watch.groups.size;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  } finally {
    stream.destroy();
  }
  if (snapshot !== null && !isWhole) throw new Error('it is not whole');
  return snapshot;
}
