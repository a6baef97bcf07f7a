import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FarthingError, type Entry, type OpenedLine } from '@farthing/core';
import { Journal, type JournalOptions } from './journal.js';
import { takeLock, type Lock } from './lock.js';
import { recoverJournal } from './recover.js';

export interface OpenJournalOptions extends Pick<
  JournalOptions,
  'segmentBytes' | 'flushMilliseconds' | 'now' | 'openAppendFile' | 'onFailure'
> {
  /** The data directory; journals lie in its folder `journals`. */
  dataDirectory: string;
  /** `gateway`, `control`, …; when a live process holds it, `gateway-2`, `gateway-3`, … are tried. */
  name: string;
  /** Makes the entry of a call that was open when the previous writer died. */
  interrupted: (opened: OpenedLine) => Entry;
}

export interface OpenedJournal {
  journal: Journal;
  /** Calls of the previous writer that were booked as interrupted. */
  recoveredCalls: number;
  unreadableLines: number;
  /** Closes the journal and gives up its lock. */
  close(): Promise<void>;
}

export function journalsDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'journals');
}

/**
 * Opens a journal for writing: takes its lock, finds the calls that its last writer left open, and
 * books them as interrupted in a new segment. Safe to repeat: if this process dies on the way, the
 * new segment carries the same open calls, and entries are booked once by id.
 */
export async function openJournal(options: OpenJournalOptions): Promise<OpenedJournal> {
  const { name, lock, directory } = await claim(options.dataDirectory, options.name);
  const recovered = await recoverJournal(directory);
  const journal = new Journal({
    ...options,
    directory,
    name,
    firstSegment: recovered.lastSegment + 1,
    open: recovered.open,
  });
  for (const opened of recovered.open) journal.closed(options.interrupted(opened));
  return {
    journal,
    recoveredCalls: recovered.open.length,
    unreadableLines: recovered.unreadableLines,
    async close() {
      await journal.close();
      lock.release();
    },
  };
}

async function claim(
  dataDirectory: string,
  wanted: string,
): Promise<{ name: string; lock: Lock; directory: string }> {
  for (let index = 1; index <= 256; index++) {
    const name = index === 1 ? wanted : `${wanted}-${index}`;
    const directory = join(journalsDirectory(dataDirectory), name);
    await makeDirectory(directory);
    const lock = takeLock(directory);
    if ('release' in lock) return { name, lock, directory };
  }
  throw new FarthingError(
    'journal_locked',
    `All 256 journals named ${wanted}* in ${dataDirectory} are in use. Give this process a data directory of its own (--data).`,
  );
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new FarthingError(
      'data_directory_unwritable',
      `Cannot create ${directory}: ${(error as Error).message}. Choose a writable data directory with --data or \`data:\` in farthing.yaml.`,
      { cause: error },
    );
  }
}
