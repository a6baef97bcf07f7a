import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import { Watch, type GroupWatchState, type WatchSettings, type WatchState } from '@farthing/core';
import { replaceFile } from '../files/replace-file.js';
import type { JournalPosition } from '../store/store.js';

/** 1 was not compressed, and had what was spent by rows. Others cannot be used: it is learnt anew. */
const format = 2;
const readable = [1, format];

const compress = promisify(gzip);
/** The fastest: numbers do not become much smaller by more. */
const compression = { level: 1 };

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

/** Where a snapshot was before it was compressed: read once, and gone with the next one that is written. */
const plainPath = (path: string): string => path.replace(/\.gz$/, '');

/**
 * Writes what a watch knows, a line for each group, in parts, so that others have their turn in between. No
 * call may be added meanwhile. Readers find the old file or the new one, also where the disk ends within it.
 *
 * @param path ends with `.gz`.
 */
export async function writeSnapshot(path: string, snapshot: Snapshot, now: Date): Promise<void> {
  await replaceFile(path, partsOf(snapshot, now));
  await rm(plainPath(path), { force: true });
}

/** Each part is compressed as a member of its own; one after the other they are one file. */
async function* partsOf(
  { watch, positions, learnUntil }: Snapshot,
  now: Date,
): AsyncGenerator<Uint8Array> {
  const header: Header = {
    format,
    saved_at: now.toISOString(),
    positions,
    learn_until: learnUntil,
    watch: watch.toJSON(),
  };
  let text = `${JSON.stringify(header)}\n`;
  for (const [key, group] of watch.groups) {
    text += `${JSON.stringify([key, group])}\n`;
    if (text.length < 256 * 1024) continue;
    yield await compress(text, compression);
    text = '';
    await setImmediate();
  }
  yield await compress(`${text}{"groups":${watch.groups.size}}\n`, compression);
}

/** Null where there is none. Throws where it cannot be used. */
export async function readSnapshot(
  path: string,
  settings: WatchSettings,
): Promise<Snapshot | null> {
  try {
    return await readLines(linesOf(path), settings);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  try {
    return await readLines(linesOf(plainPath(path)), settings);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function readLines(
  lines: AsyncIterable<string>,
  settings: WatchSettings,
): Promise<Snapshot | null> {
  let snapshot: Snapshot | null = null;
  let isWhole = false;
  for await (const line of lines) {
    const value: unknown = JSON.parse(line);
    if (snapshot === null) {
      const header = value as Header;
      if (!readable.includes(header.format)) {
        throw new Error('another version of Farthing wrote it');
      }
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
  if (snapshot !== null && !isWhole) throw new Error('it is not whole');
  return snapshot;
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  // What goes wrong with either is thrown to whoever reads it.
  const text = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => undefined) : file;
  text.setEncoding('utf8');
  let rest = '';
  for await (const chunk of text) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
