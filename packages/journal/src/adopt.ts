import { readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Entry, OpenedLine } from '@farthing/core';
import { isAlive, readLock } from './lock.js';
import { journalsDirectory, openJournalNamed } from './open-journal.js';

/**
 * Books the open calls of journals whose writer died and did not come back: takes each such journal
 * over for a moment, which closes its calls as interrupted. Returns how many calls were booked.
 */
export async function adoptAbandonedJournals(
  dataDirectory: string,
  interrupted: (opened: OpenedLine) => Entry,
): Promise<number> {
  let calls = 0;
  for (const name of await journalNames(dataDirectory)) {
    const holder = readLock(join(journalsDirectory(dataDirectory), name));
    if (holder === null || holder.host !== hostname() || isAlive(holder)) continue;
    const opened = await openJournalNamed({ dataDirectory, name, interrupted });
    if (opened === null) continue;
    calls += opened.recoveredCalls;
    await opened.close();
  }
  return calls;
}

async function journalNames(dataDirectory: string): Promise<string[]> {
  try {
    const entries = await readdir(journalsDirectory(dataDirectory), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch {
    return [];
  }
}
