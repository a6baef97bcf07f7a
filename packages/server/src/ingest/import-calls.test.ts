import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FarthingError, type Entry } from '@farthing/core';
import { describe, expect, test } from 'vitest';
import { ImportBooks, newDirectory } from '../../test-support/import-books.js';
import { sampleEntry } from '../store/conformance/batches.js';

const call = (number: number, changes: object = {}) =>
  JSON.stringify({
    id: `call-${number}`,
    at: new Date(Date.parse('2026-03-02T10:00:00Z') + number * 1000).toISOString(),
    model: 'gpt-4o-mini',
    in: 1000,
    out: 100,
    ...changes,
  });
const lines = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `${call(from + index)}\n`).join('');
const map = 'id=id,time=at,model=model,input_tokens=in,output_tokens=out,team=team';

function write(text: string, name = 'calls.jsonl'): string {
  const path = join(newDirectory(), name);
  writeFileSync(path, text);
  return path;
}

describe('an import that is broken off', () => {
  const withoutIds = map.replace('id=id,', '');
  test.each([
    ['where calls have ids', map],
    ['where they have none, and equal records are different calls', withoutIds],
  ])('goes on where it was, %s', async (_, mapping) => {
    const same = `${call(9000, { id: undefined })}\n`.repeat(3);
    const path = write(`${lines(2500)}${mapping === map ? '' : same}${lines(2000, 2500)}`);
    const total = 4500 + (mapping === map ? 0 : 3);
    const checkpoints = { directory: newDirectory(), books: 'these' };
    const books = new ImportBooks();
    let time = books.now.getTime();
    let delivered = 0;
    const request = {
      mapping,
      checkpoints: async () => checkpoints,
      deliver: async (entries: Entry[]) => {
        // Time passes, so that it is noted how far the import came.
        books.now = new Date((time += 10_000));
        if (delivered === 3000) throw new Error('killed');
        delivered += entries.length;
        return books.deliver(entries);
      },
    };
    await expect(books.import([path], request)).rejects.toThrow('killed');
    expect(books.entries.size).toBe(3000);
    expect(readdirSync(checkpoints.directory)).toHaveLength(1);

    const notes: string[] = [];
    const summary = await books.import([path], {
      mapping,
      checkpoints: async () => checkpoints,
      onNote: (note) => void notes.push(note),
    });
    expect(notes.join()).toContain('Going on where the last import was broken off');
    expect(summary.calls).toBeLessThan(2600);
    expect(books.entries.size).toBe(total);
    expect(readdirSync(checkpoints.directory)).toEqual([]);
    expect(await books.import([path], { mapping })).toMatchObject({ already_there: total });
  });

  test('begins again when the books are others, or the file is', async () => {
    const path = write(lines(2500));
    const checkpoints = async () => ({ directory, books: 'these' });
    const directory = newDirectory();
    const books = new ImportBooks();
    let time = books.now.getTime();
    const breakOff = async () => {
      let delivered = 0;
      await expect(
        books.import([path], {
          mapping: map,
          checkpoints,
          deliver: async (entries) => {
            books.now = new Date((time += 10_000));
            if (delivered > 0) throw new Error('killed');
            delivered += entries.length;
            return books.deliver(entries);
          },
        }),
      ).rejects.toThrow('killed');
    };
    await breakOff();
    books.entries.clear();
    expect(await books.import([path], { mapping: map, checkpoints })).toMatchObject({
      imported: 2500,
    });
    await breakOff();
    writeFileSync(path, lines(2600, 10_000));
    await books.import([path], { mapping: map, checkpoints });
    expect(books.entries.size).toBe(2500 + 2600);
  });
});

test('Ctrl-C stops it where it is, and the same command goes on from there', async () => {
  const path = write(lines(3000));
  const directory = newDirectory();
  const checkpoints = async () => ({ directory, books: 'these' });
  const books = new ImportBooks();
  const stop = new AbortController();
  const stopped = books.import([path], {
    mapping: map,
    checkpoints,
    signal: stop.signal,
    onProgress: ({ calls }) => {
      if (calls === 1500) stop.abort();
    },
  });
  await expect(stopped).rejects.toThrow('Stopped after 1500 calls.');
  expect(books.entries.size).toBe(1500);
  expect(await books.import([path], { mapping: map, checkpoints })).toMatchObject({
    calls: 1500,
    imported: 1500,
  });
});

test('a directory may begin with files that say nothing', async () => {
  const directory = newDirectory();
  writeFileSync(join(directory, '.index'), 'not a log');
  writeFileSync(join(directory, 'a.jsonl'), '');
  const event = {
    timestamp: '2026-03-02T10:00:00Z',
    sessionId: 's',
    message: { id: 'm', model: 'claude-sonnet-4-5', usage: { input_tokens: 1, output_tokens: 1 } },
  };
  writeFileSync(join(directory, 'b.jsonl'), `${JSON.stringify(event)}\n`);
  expect(await new ImportBooks().import([directory])).toMatchObject({
    kind: 'claude-code',
    calls: 1,
  });
});

test('an entry that the books refuse never holds up the others', async () => {
  const path = write(lines(1700));
  const books = new ImportBooks();
  let refused: string | null = null;
  const summary = await books.import([path], {
    mapping: map,
    deliver: async (entries) => {
      refused ??= entries[700]!.id;
      if (entries.some(({ id }) => id === refused)) {
        throw new FarthingError('invalid_entry', 'line 701: cost.usd is wrong.');
      }
      return books.deliver(entries);
    },
  });
  expect(summary).toMatchObject({ calls: 1700, imported: 1699, unreadable: { count: 1 } });
  expect(summary.unreadable.lines[0]).toMatchObject({
    line: 701,
    reason: expect.stringContaining('cost.usd is wrong'),
  });
});

/** Watches until the test has seen what it waits for. */
async function watching(
  paths: string[],
  scenario: (books: ImportBooks, booked: (count: number) => Promise<void>) => Promise<void>,
  changes: object = {},
) {
  const books = new ImportBooks();
  const stop = new AbortController();
  const done = books.import(paths, { mapping: map, watch: true, signal: stop.signal, ...changes });
  const booked = async (count: number) => {
    const deadline = Date.now() + 20_000;
    while (books.entries.size < count && Date.now() < deadline) await pause(10);
    expect(books.entries.size).toBe(count);
  };
  await scenario(books, booked);
  stop.abort();
  return { books, summary: await done };
}

describe('watching', () => {
  test('takes what is added, a half line when it is whole, and files that come into being', async () => {
    const directory = newDirectory();
    const path = join(directory, 'calls.jsonl');
    writeFileSync(path, lines(2));
    const { summary } = await watching([directory], async (_, booked) => {
      await booked(2);
      appendFileSync(path, lines(3, 2));
      await booked(5);
      const half = call(5);
      appendFileSync(path, half.slice(0, 40));
      mkdirSync(join(directory, 'later'));
      writeFileSync(join(directory, 'later', 'more.jsonl'), lines(1, 100));
      await booked(6);
      appendFileSync(path, `${half.slice(40)}\n`);
      await booked(7);
    });
    expect(summary).toMatchObject({ calls: 7, imported: 7, files: 2, unreadable: { count: 0 } });
  });

  test('follows a rotated file: what was still written into the old one is not lost', async () => {
    const directory = newDirectory();
    const path = join(directory, 'calls.jsonl');
    writeFileSync(path, lines(2));
    const { summary } = await watching([path], async (_, booked) => {
      await booked(2);
      renameSync(path, `${path}.1`);
      appendFileSync(`${path}.1`, lines(1, 2));
      writeFileSync(path, lines(2, 3));
      await booked(5);
    });
    expect(summary.unreadable.count).toBe(0);
  });

  test('begins at the top of a file that was truncated, and of one written anew at once', async () => {
    const path = write(lines(5));
    await watching([path], async (_, booked) => {
      await booked(5);
      truncateSync(path, 0);
      appendFileSync(path, lines(1, 5));
      await booked(6);
      writeFileSync(path, lines(9, 10));
      await booked(15);
    });
  });

  test('goes on later where it was stopped', async () => {
    const path = write(lines(5));
    const directory = newDirectory();
    const checkpoints = { checkpoints: async () => ({ directory, books: 'these' }) };
    const { books } = await watching([path], (_, booked) => booked(5), checkpoints);
    appendFileSync(path, lines(2, 5));
    const delivered: number[] = [];
    const stop = new AbortController();
    const again = books.import([path], {
      mapping: map,
      watch: true,
      signal: stop.signal,
      ...checkpoints,
      deliver: async (entries) => {
        delivered.push(entries.length);
        return books.deliver(entries);
      },
      onProgress: ({ waiting }) => {
        if (waiting === true) stop.abort();
      },
    });
    await again;
    expect(delivered).toEqual([2]);
    expect(books.entries.size).toBe(7);
  });

  test('is for lines that are added, not for tables', async () => {
    const path = write(`id,at,model,in,out\nx,2026-03-02T10:00:00Z,gpt-4o-mini,1,1\n`, 'calls.csv');
    const books = new ImportBooks();
    await expect(
      books.import([path], { mapping: map.replace(',team=team', ''), watch: true }),
    ).rejects.toThrow(/--watch reads what is added to JSON lines/);
  });
});

describe('a mapping on the command line', () => {
  const csv = 'ts;model_name;prompt_tokens;cached;completion_tokens;team\n';
  const row = '1772445600;gpt-4o-mini;1000;600;100;shop\n';
  const given =
    'model=model_name,input_tokens=prompt_tokens,output_tokens=completion_tokens,cached_tokens=cached,team=team';

  test('names columns; a time may say its unit, and other names are tags', async () => {
    const books = new ImportBooks();
    await books.import([write(csv + row, 'calls.csv')], { mapping: `time=ts:seconds,${given}` });
    expect(books.all[0]).toMatchObject({
      source: 'import:custom',
      started_at: '2026-03-02T10:00:00.000Z',
      cost: { usd: '0.000165' },
      tags: { custom: { team: 'shop' } },
    });
  });

  test.each([
    [given, /lacks started_at: add started_at=<column>/],
    ['time=ts,model', /"model" is not name=column/],
    ['time=ts,model=m', /lacks input_tokens/],
  ])('%s is refused', async (mapping, message) => {
    await expect(new ImportBooks().import([write(csv, 'x.csv')], { mapping })).rejects.toThrow(
      message,
    );
  });

  test('is suggested from the columns of a file of no known kind', async () => {
    const path = write(csv + row, 'calls.csv');
    const error = await new ImportBooks().import([path]).catch((error: Error) => error);
    expect(String(error)).toContain(
      '--map "started_at=ts,model=model_name,input_tokens=prompt_tokens,output_tokens=completion_tokens"',
    );
    const nested = write(`{"when":"x","usage":{"input_tokens":1,"output_tokens":2}}\n`);
    expect(String(await new ImportBooks().import([nested]).catch((error: Error) => error))).toMatch(
      /input_tokens=usage\.input_tokens,output_tokens=usage\.output_tokens,started_at=\?,model=\?/,
    );
  });
});

test('of entries from other books, users that are no pseudonyms become some', async () => {
  const file = join(newDirectory(), 'archive.jsonl');
  const [a, b] = [sampleEntry({ tags: { user: 'ada' } }), sampleEntry({ tags: { user: 'u_x' } })];
  writeFileSync(file, `${JSON.stringify(a)}\n${JSON.stringify(b)}\n`);
  const books = new ImportBooks();
  await books.import([file]);
  expect(books.all.map(({ tags }) => tags.user).sort()).toEqual(['u_3', 'u_x']);
});

test('a stray quote costs its own line, also where a later one would close it', async () => {
  const rows = Array.from(
    { length: 40 },
    (_, row) => `c${row},2026-03-02T10:00:00Z,gpt-4o,1,${row}`,
  );
  rows[5] = 'c5,"2026-03-02T10:00:00Z,gpt-4o,1,5';
  rows[30] = 'c30,"2026-03-02T10:00:00Z,gpt-4o,1,30';
  const file = write(`id,at,model,in,out\n${rows.join('\n')}\n`, 'calls.csv');
  const books = new ImportBooks();
  const summary = await books.import([file], { mapping: map.replace(',team=team', '') });
  expect(summary).toMatchObject({ calls: 38, unreadable: { count: 2 } });
  expect(summary.unreadable.lines.map(({ line }) => line)).toEqual([7, 32]);
});

test('a file that cannot be opened is listed, and the others are read', async () => {
  const directory = newDirectory();
  writeFileSync(join(directory, 'a.jsonl'), lines(2));
  writeFileSync(join(directory, 'b.jsonl'), lines(2, 10));
  writeFileSync(join(directory, 'c.jsonl'), lines(2, 20));
  const books = new ImportBooks();
  let isGone = false;
  const summary = await books.import([directory], {
    mapping: map,
    onProgress: () => {
      // Between being listed and being read; for root no file is unreadable.
      if (!isGone) renameSync(join(directory, 'b.jsonl'), join(directory, 'b.away'));
      if (!isGone) mkdirSync(join(directory, 'b.jsonl'));
      isGone = true;
    },
  });
  expect(summary).toMatchObject({ calls: 4, unreadable: { count: 1 } });
  expect(summary.unreadable.lines).toEqual([
    {
      file: join(directory, 'b.jsonl'),
      line: 0,
      reason: expect.stringContaining('cannot be read'),
    },
  ]);
});

test.each([
  ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), /gzip.*gunzip/s],
  ['UTF-16', Buffer.from('\ufeff{"id":1}', 'utf16le'), /UTF-16.*iconv/s],
])('a file in %s is told for what it is', async (_, bytes, told) => {
  const file = join(newDirectory(), 'calls.jsonl');
  writeFileSync(file, bytes);
  await expect(new ImportBooks().import([file])).rejects.toThrow(told);
  const { unreadable } = await new ImportBooks().import([file], { mapping: map });
  expect(unreadable).toMatchObject({ count: 1, lines: [{ reason: expect.stringMatching(told) }] });
});

test.skipIf(process.getuid?.() === 0)(
  'a directory that cannot be listed is told, and the rest is read (not as root, who can)',
  async () => {
    const directory = newDirectory();
    writeFileSync(join(directory, 'a.jsonl'), lines(2));
    mkdirSync(join(directory, 'closed'), { mode: 0 });
    const summary = await new ImportBooks().import([directory], { mapping: map });
    expect(summary).toMatchObject({ calls: 2, unreadable: { count: 1 } });
  },
);
