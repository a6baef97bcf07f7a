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
  return recoverAndOpen(options, await claim(options.dataDirectory, options.name));
}

/** Like `openJournal`, but for this very journal or not at all: null when another process holds it. */
export async function openJournalNamed(options: OpenJournalOptions): Promise<OpenedJournal | null> {
  const claimed = await claimNamed(options.dataDirectory, options.name);
  return claimed === null ? null : recoverAndOpen(options, claimed);
}

interface Claim {
  name: string;
  lock: Lock;
  directory: string;
}

async function recoverAndOpen(
  options: OpenJournalOptions,
  { name, lock, directory }: Claim,
): Promise<OpenedJournal> {
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

/** How often, and after what pause, a journal's own name is tried again: an adopter holds it for a moment only. */
const patience = { attempts: 5, milliseconds: 50 };

async function claim(dataDirectory: string, wanted: string): Promise<Claim> {
  for (let attempt = 0; attempt < patience.attempts; attempt++) {
    const claimed = await claimNamed(dataDirectory, wanted);
    if (claimed !== null) return claimed;
    await new Promise((resolve) => setTimeout(resolve, patience.milliseconds));
  }
  for (let index = 2; index <= 256; index++) {
    const claimed = await claimNamed(dataDirectory, `${wanted}-${index}`);
    if (claimed !== null) return claimed;
  }
  throw new FarthingError(
    'journal_locked',
    `All 256 journals named ${wanted}* in ${dataDirectory} are in use. Give this process a data directory of its own (--data).`,
  );
}

async function claimNamed(dataDirectory: string, name: string): Promise<Claim | null> {
  const directory = join(journalsDirectory(dataDirectory), name);
  await makeDirectory(directory);
  const lock = takeLock(directory);
  return 'release' in lock ? { name, lock, directory } : null;
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
