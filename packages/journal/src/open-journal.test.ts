import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry, OpenedLine } from '@farthing/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { adoptAbandonedJournals } from './adopt.js';
import { openJournal } from './open-journal.js';
import { recoverJournal } from './recover.js';

let dataDirectory: string;
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'farthing-data-'));
});
afterEach(() => rm(dataDirectory, { recursive: true }));

const interrupted = (opened: OpenedLine) =>
  ({ id: opened.id, outcome: 'interrupted' }) as unknown as Entry;
const opened = (id: string) => ({ type: 'opened', schema: 1, id }) as unknown as OpenedLine;
const journalDirectory = (name: string) => join(dataDirectory, 'journals', name);

/** Leaves the lock of a process that was killed while it held the journal. */
async function crash(name: string): Promise<void> {
  const child = spawn('true');
  await new Promise((resolve) => child.once('exit', resolve));
  const lock = JSON.stringify({ pid: child.pid, host: hostname(), started: '1' });
  await writeFile(join(journalDirectory(name), 'lock'), lock);
}

describe('opening a journal', () => {
  test('books the calls that the dead writer left open, once, and goes on in a new segment', async () => {
    const first = await openJournal({ dataDirectory, name: 'gateway', interrupted });
    await first.journal.written(first.journal.opened(opened('a')));
    await crash('gateway');

    const second = await openJournal({ dataDirectory, name: 'gateway', interrupted });
    expect(second.recoveredCalls).toBe(1);
    await second.close();
    expect(await recoverJournal(journalDirectory('gateway'))).toMatchObject({
      lastSegment: 2,
      open: [],
    });

    const third = await openJournal({ dataDirectory, name: 'gateway', interrupted });
    expect(third.recoveredCalls).toBe(0);
    await third.close();
  });

  test('does not book a call that its writer withdrew', async () => {
    const first = await openJournal({ dataDirectory, name: 'sdk', interrupted });
    first.journal.opened(opened('a'));
    await first.journal.written(first.journal.opened(opened('b')));
    await first.journal.written(first.journal.withdrawn('a'));
    expect(first.journal.openCalls).toBe(1);
    await crash('sdk');
    const second = await openJournal({ dataDirectory, name: 'sdk', interrupted });
    expect(second.recoveredCalls).toBe(1);
    await second.close();
  });

  test('a second gateway on the same data directory gets a journal of its own', async () => {
    const first = await openJournal({ dataDirectory, name: 'gateway', interrupted });
    const second = await openJournal({ dataDirectory, name: 'gateway', interrupted });
    expect([first.journal.name, second.journal.name]).toEqual(['gateway', 'gateway-2']);
    await first.close();
    await second.close();
    expect(await readdir(journalDirectory('gateway'))).not.toContain('lock');
  });

  test('says what to do when the data directory cannot be written', async () => {
    await writeFile(join(dataDirectory, 'journals'), 'a file where a folder should be');
    await expect(openJournal({ dataDirectory, name: 'gateway', interrupted })).rejects.toThrow(
      /Choose a writable data directory with --data/,
    );
  });
});

describe('adopting abandoned journals', () => {
  test('closes the calls of a writer that died, and leaves a live writer alone', async () => {
    const dead = await openJournal({ dataDirectory, name: 'gateway', interrupted });
    await dead.journal.written(dead.journal.opened(opened('a')));
    await crash('gateway');
    const live = await openJournal({ dataDirectory, name: 'other', interrupted });
    await live.journal.written(live.journal.opened(opened('b')));

    expect(await adoptAbandonedJournals(dataDirectory, interrupted)).toBe(1);
    expect(await adoptAbandonedJournals(dataDirectory, interrupted)).toBe(0);
    expect((await recoverJournal(journalDirectory('other'))).open).toHaveLength(1);
    await live.close();
  });
});
