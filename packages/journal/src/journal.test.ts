import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry, JournalLine, OpenedLine } from '@farthing/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAppendFile, type OpenAppendFile } from './append-file.js';
import { Journal, type JournalOptions } from './journal.js';
import { recoverJournal } from './recover.js';
import { listSegments, segmentPath } from './segment-files.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'farthing-journal-'));
});
afterEach(() => rm(directory, { recursive: true }));

const opened = (id: string): OpenedLine => ({
  type: 'opened',
  schema: 1,
  id,
  source: 'gateway',
  started_at: '2026-11-01T10:00:00.000Z',
  provider: 'openai',
  api: 'chat.completions',
  stream: false,
  model_requested: 'gpt-5-mini',
  attempt: 1,
  estimate: { input_tokens: 10, output_tokens: 500, method: 'bytes/4' },
  tags: { feature: 'search' },
});
const entry = (id: string) => ({ id, schema: 1, outcome: 'ok' }) as unknown as Entry;

function journalIn(options: Partial<JournalOptions> = {}): Journal {
  return new Journal({ directory, name: 'gateway', firstSegment: 1, open: [], ...options });
}

async function linesOf(segment: number): Promise<JournalLine[]> {
  const text = await readFile(segmentPath(directory, segment), 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalLine);
}

describe('a journal', () => {
  test('writes a segment line, then what happened, in order', async () => {
    const journal = journalIn();
    journal.opened(opened('a'));
    journal.closed(entry('a'));
    await journal.close();
    expect((await linesOf(1)).map((line) => line.type)).toEqual(['segment', 'opened', 'closed']);
  });

  test('numbers lines, and a line that was waited for is written and then durable', async () => {
    const journal = journalIn({ flushMilliseconds: 100 });
    const line = journal.opened(opened('a'));
    expect(journal.isWritten(line)).toBe(false);
    await journal.written(line);
    expect(journal.isWritten(line)).toBe(true);
    expect((await linesOf(1)).at(-1)).toMatchObject({ type: 'opened', id: 'a' });
    await journal.durable(journal.opened(opened('b')));
    expect(journal.backlog).toBe(0);
    await journal.close();
  });

  test('many lines leave in few writes', async () => {
    let writes = 0;
    const openAppendFile: OpenAppendFile = async (path) => {
      const file = await createAppendFile(path);
      return { ...bind(file), append: (bytes) => (writes++, file.append(bytes)) };
    };
    const journal = journalIn({ openAppendFile });
    for (let index = 0; index < 1_000; index++) journal.closed(entry(String(index)));
    await journal.close();
    expect(await linesOf(1)).toHaveLength(1_001);
    expect(writes).toBeLessThan(10);
  });

  test('begins a new segment by size, and the new one carries the calls in flight', async () => {
    const journal = journalIn({ segmentBytes: 1_000 });
    journal.opened(opened('long'));
    for (let index = 0; index < 20; index++) {
      await journal.written(journal.opened(opened(`short-${index}`)));
      await journal.written(journal.closed(entry(`short-${index}`)));
    }
    await journal.close();
    const segments = await listSegments(directory);
    expect(segments.length).toBeGreaterThan(5);
    const last = await linesOf(segments.at(-1)!);
    expect(last[0]).toMatchObject({ type: 'segment', segment: segments.at(-1) });
    expect(last[0]?.type === 'segment' && last[0].open.map((line) => line.id)).toContain('long');
  });

  test('begins a new segment when the hour is over, but not when the clock jumps backwards', async () => {
    let now = new Date('2026-11-01T10:59:59.000Z');
    const journal = journalIn({ now: () => now });
    await journal.written(journal.closed(entry('a')));
    now = new Date('2026-11-01T08:00:00.000Z');
    await journal.written(journal.closed(entry('b')));
    expect(await listSegments(directory)).toEqual([1]);
    now = new Date('2026-11-01T11:00:00.000Z');
    await journal.written(journal.closed(entry('c')));
    expect(await listSegments(directory)).toEqual([1, 2]);
    await journal.close();
  });
});

describe('a full disk', () => {
  /** A disk with `capacity` bytes: takes what fits of a write, then fails, as a real one does. */
  function smallDisk(capacity: { bytes: number }): OpenAppendFile {
    return async (path) => {
      const file = await createAppendFile(path);
      let waiting: Buffer | null = null;
      return {
        ...bind(file),
        async append(bytes) {
          let rest: Buffer = waiting ?? bytes;
          const fits = rest.subarray(0, Math.max(0, capacity.bytes));
          await file.append(fits);
          capacity.bytes -= fits.length;
          rest = rest.subarray(fits.length);
          waiting = rest.length > 0 ? rest : null;
          if (waiting !== null) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
        },
      };
    };
  }

  test('loses nothing: lines wait in memory and are written whole once there is room', async () => {
    const capacity = { bytes: 700 };
    const failures: Error[] = [];
    const journal = journalIn({
      openAppendFile: smallDisk(capacity),
      onFailure: (error) => failures.push(error),
    });
    for (const id of ['a', 'b', 'c', 'd', 'e']) journal.opened(opened(id));
    await expect.poll(() => journal.failure?.message).toBe('no space left');
    expect(failures).toHaveLength(1);
    const line = journal.closed(entry('a'));
    capacity.bytes = 1_000_000;
    await journal.written(line);
    expect(journal.failure).toBeNull();
    await journal.close();
    const ids = (await linesOf(1)).map((line) => (line.type === 'opened' ? line.id : line.type));
    expect(ids).toEqual(['segment', 'a', 'b', 'c', 'd', 'e', 'closed']);
  });

  test('at the first line of a segment is continued in the same segment', async () => {
    const capacity = { bytes: 20 };
    const journal = journalIn({ openAppendFile: smallDisk(capacity) });
    const line = journal.opened(opened('a'));
    await expect.poll(() => journal.failure?.message).toBe('no space left');
    capacity.bytes = 1_000_000;
    await journal.written(line);
    await journal.close();
    expect(await listSegments(directory)).toEqual([1]);
    expect((await linesOf(1)).map((each) => each.type)).toEqual(['segment', 'opened']);
  });

  test('that stays full makes close fail with what to do', async () => {
    const journal = journalIn({ openAppendFile: smallDisk({ bytes: 10 }) });
    journal.opened(opened('a'));
    await expect(journal.close()).rejects.toThrow(/could not write its last 1 lines.*Free space/);
  });
});

describe('recovery', () => {
  test('finds the calls that were open at the crash, also those from earlier segments', async () => {
    const journal = journalIn({ segmentBytes: 600 });
    for (const id of ['a', 'b', 'c', 'd']) await journal.written(journal.opened(opened(id)));
    await journal.written(journal.closed(entry('b')));
    // No close(): the process is gone.
    const recovered = await recoverJournal(directory);
    expect(recovered.open.map((line) => line.id).sort()).toEqual(['a', 'c', 'd']);
    expect(recovered.open[0]).toEqual(opened('a'));
  });

  test('gets past a torn last line, a damaged line and a torn first line of a segment', async () => {
    const journal = journalIn();
    journal.opened(opened('a'));
    journal.opened(opened('b'));
    await journal.close();
    const { appendFile } = await import('node:fs/promises');
    await appendFile(segmentPath(directory, 1), '\0\0damage\n{"type":"closed","entry":{"id":"a"');
    await appendFile(segmentPath(directory, 2), '{"type":"segm');
    const recovered = await recoverJournal(directory);
    expect(recovered.lastSegment).toBe(2);
    expect(recovered.open.map((line) => line.id)).toEqual(['a', 'b']);
    expect(recovered.unreadableLines).toBe(3);
  });
});

function bind(file: Awaited<ReturnType<OpenAppendFile>>) {
  return {
    append: (bytes: Buffer) => file.append(bytes),
    sync: () => file.sync(),
    close: () => file.close(),
  };
}
