import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FarthingError, toCallRow, type CallRow, type Entry } from '@farthing/core';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleEntry } from '../store/conformance/batches.js';
import { openDuckDbStore } from '../store/duckdb/index.js';
import type { BookingBatch, Store } from '../store/store.js';
import { readLine } from './read-line.js';
import { startLedger, type Ledger, type LedgerOptions } from './index.js';

let directory = '';
let store: Store;
let ledgers: Ledger[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'farthing-ledger-'));
  store = await openDuckDbStore({ directory });
});
afterEach(async () => {
  for (const ledger of ledgers) await ledger.stop();
  ledgers = [];
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

function start(options: Partial<LedgerOptions> = {}): Ledger {
  const ledger = startLedger({ dataDirectory: directory, store, ...options });
  ledgers.push(ledger);
  return ledger;
}

const pathOf = (journal: string, segment: number) =>
  join(directory, 'journals', journal, `${String(segment).padStart(10, '0')}.jsonl`);

function append(journal: string, segment: number, text: string | Buffer): void {
  mkdirSync(join(directory, 'journals', journal), { recursive: true });
  appendFileSync(pathOf(journal, segment), text);
}

const head = (journal: string, segment: number): string =>
  `${JSON.stringify({ type: 'segment', schema: 1, journal, segment, created_at: '2026-03-01T00:00:00.000Z', open: [] })}\n`;
const opened = (entry: Entry): string =>
  `${JSON.stringify({ type: 'opened', schema: 1, id: entry.id, source: entry.source, started_at: entry.started_at, provider: entry.provider, api: entry.api, stream: entry.stream, model_requested: entry.model_requested, attempt: entry.attempt, estimate: { input_tokens: 1, output_tokens: 1, method: 'bytes/4' }, tags: entry.tags })}\n`;
const closed = (entry: unknown): string => `${JSON.stringify({ type: 'closed', entry })}\n`;

const bookedIds = async (): Promise<string[]> =>
  (await store.calls({ order: 'oldest', limit: 1000 })).map(({ id }) => id).sort();
const idsOf = (entries: readonly Entry[]): string[] => entries.map(({ id }) => id).sort();
const some = (count: number): Entry[] => Array.from({ length: count }, () => sampleEntry());

function arrival(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** The store, watched: every batch that reaches it, and failures on demand before or after it books. */
function watched(failures: ('before' | 'after' | null)[] = []) {
  const batches: BookingBatch[] = [];
  const book: Store['book'] = async (batch) => {
    const failure = failures.shift() ?? null;
    if (failure === 'before') throw new FarthingError('store_disk_full', 'No space left.');
    const result = await store.book(batch);
    batches.push(batch);
    if (failure === 'after') throw new Error('the answer was lost');
    return result;
  };
  const proxy = new Proxy(store, {
    get(target, name) {
      if (name === 'book') return book;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { store: proxy, batches };
}

describe('booking journals', () => {
  test('books what journals hold, and tells the rows that it booked', async () => {
    const [a, b, c] = [sampleEntry(), sampleEntry(), sampleEntry()];
    append('gateway', 1, head('gateway', 1) + opened(a) + closed(a) + opened(b));
    append('gateway', 2, head('gateway', 2) + closed(b));
    append('sdk', 1, head('sdk', 1) + closed(c));
    const rows: CallRow[] = [];
    const ledger = start({ onBooked: (booked) => rows.push(...booked) });
    await ledger.drain();
    expect(await bookedIds()).toEqual(idsOf([a, b, c]));
    expect(rows).toHaveLength(3);
    expect(rows).toEqual(expect.arrayContaining([a, b, c].map(toCallRow)));
    expect(ledger.status()).toMatchObject({
      journals: [
        { name: 'gateway', segments: 2, unreadable_lines: 0, live: false },
        { name: 'sdk', segments: 1, unreadable_lines: 0, live: false },
      ],
      lag: { bytes: 0, oldest_ms: null },
      stuck: null,
      damage: [],
    });
    const gateway = ledger.status().journals[0]!;
    expect(gateway.booked_bytes).toBe(gateway.bytes);
    const [first, second] = [head('gateway', 2), closed(b)].map((text) => Buffer.byteLength(text));
    expect(await store.positions()).toContainEqual({
      journal: 'gateway',
      segment: 2,
      offset: first! + second!,
    });
    expect((await store.call(b.id))?.position).toEqual({
      journal: 'gateway',
      segment: 2,
      offset: first!,
    });
  });

  test('without any journal there is nothing to do, and nothing is wrong', async () => {
    const ledger = start();
    await ledger.drain();
    expect(ledger.status()).toEqual({
      journals: [],
      lag: { bytes: 0, oldest_ms: null },
      stuck: null,
      damage: [],
    });
  });

  test('books by itself what is appended, in new segments and new journals too', async () => {
    const entries = some(4);
    const arrived = new Map(entries.map(({ id }) => [id, arrival()]));
    start({ onBooked: (rows) => rows.forEach(({ id }) => arrived.get(id)?.resolve()) });
    append('gateway', 1, head('gateway', 1) + closed(entries[0]));
    await arrived.get(entries[0]!.id)!.promise;
    append('gateway', 1, closed(entries[1]));
    await arrived.get(entries[1]!.id)!.promise;
    append('gateway', 2, head('gateway', 2) + closed(entries[2]));
    await arrived.get(entries[2]!.id)!.promise;
    append('another', 1, head('another', 1) + closed(entries[3]));
    await arrived.get(entries[3]!.id)!.promise;
    expect(await bookedIds()).toEqual(idsOf(entries));
  });

  test('a line that is still being written is waited for, even cut within a letter', async () => {
    const entry = sampleEntry({ tags: { feature: 'Übersetzung 日本語' } });
    const bytes = Buffer.from(closed(entry));
    const cut = bytes.indexOf(Buffer.from('Ü')) + 1;
    append('gateway', 1, head('gateway', 1));
    append('gateway', 1, bytes.subarray(0, cut));
    const ledger = start();
    await ledger.drain();
    expect(await bookedIds()).toEqual([]);
    expect(ledger.status().lag.bytes).toBe(0);
    append('gateway', 1, bytes.subarray(cut));
    await ledger.drain();
    expect((await store.call(entry.id))?.row.tags.feature).toBe('Übersetzung 日本語');
    expect(ledger.status().damage).toEqual([]);
  });

  test('an entry that stands in two journals is booked once', async () => {
    const entry = sampleEntry();
    append('a', 1, head('a', 1) + closed(entry) + closed(entry));
    append('b', 1, head('b', 1) + closed(entry));
    const rows: CallRow[] = [];
    await start({ onBooked: (booked) => rows.push(...booked) }).drain();
    expect(rows.map(({ id }) => id)).toEqual([entry.id]);
    expect(await bookedIds()).toEqual([entry.id]);
  });

  test('a restart goes on where the last transaction ended, and reads nothing twice', async () => {
    const [a, b] = [sampleEntry(), sampleEntry()];
    append('gateway', 1, head('gateway', 1) + closed(a));
    const first = start();
    await first.drain();
    await first.stop();
    append('gateway', 1, closed(b));
    const { store: seen, batches } = watched();
    await start({ store: seen }).drain();
    expect(batches.flatMap(({ entries }) => entries.map(({ entry }) => entry.id))).toEqual([b.id]);
    expect(await bookedIds()).toEqual(idsOf([a, b]));
  });

  test('long journals are booked in several transactions of bounded size', async () => {
    const entries = some(5000);
    append('gateway', 1, head('gateway', 1) + entries.map(closed).join(''));
    const { store: seen, batches } = watched();
    await start({ store: seen, batchLines: 500 }).drain();
    expect(batches.length).toBeGreaterThan(3);
    const sizes = batches.map(({ entries: booked }) => booked.length);
    // A batch ends with the megabyte in which it reaches its size.
    expect(Math.max(...sizes)).toBeLessThan(500 + (1 << 20) / closed(entries[0]).length);
    expect((await store.summary()).entries).toBe(5000);
  });

  test('a listener that throws does not hold up the books', async () => {
    const entry = sampleEntry();
    append('gateway', 1, head('gateway', 1) + closed(entry));
    const ledger = start({
      onBooked: () => {
        throw new Error('listener');
      },
    });
    await ledger.drain();
    expect(await bookedIds()).toEqual([entry.id]);
    expect(ledger.status().stuck).toBeNull();
  });

  test('however lines, segments and restarts fall, each entry is booked once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            cut: fc.double({ min: 0, max: 1, noNaN: true }),
            event: fc.constantFrom('nothing', 'nothing', 'segment', 'restart', 'drain'),
            journal: fc.constantFrom('gateway', 'sdk'),
            again: fc.boolean(),
          }),
          { minLength: 1, maxLength: 25 },
        ),
        async (steps) => {
          const journals = new Map<string, { segment: number; rest: Buffer }>();
          const written: Entry[] = [];
          const rows: CallRow[] = [];
          const onBooked = (booked: CallRow[]) => rows.push(...booked);
          let ledger = start({ onBooked });
          const prefix = crypto.randomUUID().slice(0, 8);
          for (const { cut, event, journal, again } of steps) {
            const name = `${prefix}-${journal}`;
            const state = journals.get(name) ?? { segment: 1, rest: Buffer.from(head(name, 1)) };
            journals.set(name, state);
            const entry = again ? (written.at(-1) ?? sampleEntry()) : sampleEntry();
            if (!written.includes(entry)) written.push(entry);
            const bytes = Buffer.concat([state.rest, Buffer.from(opened(entry) + closed(entry))]);
            const end = Math.floor(bytes.length * cut);
            append(name, state.segment, bytes.subarray(0, end));
            state.rest = bytes.subarray(end);
            if (event === 'segment') {
              append(name, state.segment, state.rest);
              state.segment += 1;
              state.rest = Buffer.from(head(name, state.segment));
            }
            if (event === 'drain') await ledger.drain();
            if (event === 'restart') {
              await ledger.stop();
              ledger = start({ onBooked });
            }
          }
          for (const [name, { segment, rest }] of journals) append(name, segment, rest);
          await ledger.drain();
          expect(rows.map(({ id }) => id).sort()).toEqual(idsOf(written));
          expect((await store.locate(idsOf(written))).size).toBe(written.length);
          expect(ledger.status()).toMatchObject({ lag: { bytes: 0 }, damage: [], stuck: null });
          await ledger.stop();
        },
      ),
      { numRuns: 10 },
    );
  });
});

test('a call that was withdrawn is nothing to book and no damage', () => {
  const line = JSON.stringify({ type: 'withdrawn', schema: 1, id: sampleEntry().id });
  expect(readLine(line)).toEqual({ type: 'nothing', at: null });
});

describe('damage', () => {
  test.each([
    ['no JSON', 'garbage', 'not JSON'],
    ['no object', '[]', 'not a JSON object'],
    ['an unknown type', '{"type":"note"}', 'unknown line type "note"'],
    ['no entry', '{"type":"closed"}', '`schema`'],
    [
      'an entry without an id',
      JSON.stringify({ type: 'closed', entry: { ...sampleEntry(), id: 7 } }),
      '`entry.id`',
    ],
    [
      'money as a number',
      JSON.stringify({
        type: 'closed',
        entry: { ...sampleEntry(), cost: { usd: 0.1, status: 'priced', charges: [] } },
      }),
      '`entry.cost.usd`',
    ],
    [
      'money in no notation',
      JSON.stringify({
        type: 'closed',
        entry: { ...sampleEntry(), cost: { usd: '1,50', status: 'priced', charges: [] } },
      }),
      '`entry.cost`',
    ],
    [
      'more money than there is',
      JSON.stringify({
        type: 'closed',
        entry: { ...sampleEntry(), cost: { usd: '1e30', status: 'priced', charges: [] } },
      }),
      '`entry.cost`',
    ],
    [
      'negative tokens',
      JSON.stringify({
        type: 'closed',
        entry: {
          ...sampleEntry(),
          usage: { ...sampleEntry().usage, tokens: { ...sampleEntry().usage!.tokens, output: -1 } },
        },
      }),
      '`entry.usage.tokens.output`',
    ],
    [
      'a tag that is no text',
      JSON.stringify({ type: 'closed', entry: { ...sampleEntry(), tags: { custom: { a: 1 } } } }),
      '`entry.tags.custom`',
    ],
    ['bytes that are no text', '\u0000\u0001\ufffd', 'not JSON'],
  ])(
    'a line with %s is passed over, counted and reported with its place',
    async (_, bad, reason) => {
      const [before, after] = [sampleEntry(), sampleEntry()];
      const start0 = head('gateway', 1) + closed(before);
      append('gateway', 1, `${start0}${bad}\n${closed(after)}`);
      const ledger = start();
      await ledger.drain();
      expect(await bookedIds()).toEqual(idsOf([before, after]));
      const { journals, damage, stuck } = ledger.status();
      expect(journals[0]?.unreadable_lines).toBe(1);
      expect(stuck).toBeNull();
      expect(damage).toEqual([
        {
          kind: 'line',
          journal: 'gateway',
          segment: 1,
          offset: Buffer.byteLength(start0),
          reason: expect.stringContaining(reason),
        },
      ]);
    },
  );

  test('damage is still reported after a restart, and not counted again', async () => {
    append('gateway', 1, `${head('gateway', 1)}garbage\n`);
    const first = start();
    await first.drain();
    const { damage } = first.status();
    await first.stop();
    append('gateway', 1, 'more garbage\n');
    const second = start();
    await second.drain();
    expect(second.status().damage.slice(0, 1)).toEqual(damage);
    expect(second.status().journals[0]?.unreadable_lines).toBe(2);
    await second.stop();
    expect(start().status().damage).toHaveLength(2);
  });

  test('the torn last line of a finished segment is passed over; the newest may still grow', async () => {
    const [a, b] = [sampleEntry(), sampleEntry()];
    append('gateway', 1, head('gateway', 1) + closed(a) + closed(b).slice(0, 50));
    const ledger = start();
    await ledger.drain();
    expect(ledger.status().damage).toEqual([]);
    append('gateway', 2, head('gateway', 2) + closed(b));
    await ledger.drain();
    expect(await bookedIds()).toEqual(idsOf([a, b]));
    expect(ledger.status().damage).toMatchObject([
      { kind: 'line', segment: 1, reason: expect.stringContaining('torn') },
    ]);
  });

  test('recovery that cuts a torn line off and goes on in the same segment is no damage', async () => {
    const [a, b] = [sampleEntry(), sampleEntry()];
    const whole = head('gateway', 1) + closed(a);
    append('gateway', 1, whole + closed(b).slice(0, 50));
    const ledger = start();
    await ledger.drain();
    truncateSync(pathOf('gateway', 1), Buffer.byteLength(whole));
    await ledger.drain();
    append('gateway', 1, closed(b));
    await ledger.drain();
    expect(await bookedIds()).toEqual(idsOf([a, b]));
    expect(ledger.status().damage).toEqual([]);
  });

  test('a segment that shrank below what was booked is reported; what follows is booked', async () => {
    const [a, b, c] = [sampleEntry(), sampleEntry(), sampleEntry()];
    append('gateway', 1, head('gateway', 1) + closed(a) + closed(b));
    const ledger = start();
    await ledger.drain();
    truncateSync(pathOf('gateway', 1), Buffer.byteLength(head('gateway', 1) + closed(a)));
    await ledger.drain();
    append('gateway', 1, closed(c));
    await ledger.drain();
    expect(await bookedIds()).toEqual(idsOf([a, b, c]));
    expect(ledger.status().damage).toMatchObject([
      { kind: 'segment', segment: 1, reason: expect.stringContaining('shrank') },
    ]);
    expect(ledger.status()).toMatchObject({ stuck: null, lag: { bytes: 0 } });
  });

  test('segments that vanish, and a journal that begins anew, are reported and not fatal', async () => {
    const [a, b, c] = [sampleEntry(), sampleEntry(), sampleEntry()];
    append('gateway', 5, head('gateway', 5) + closed(a));
    const ledger = start();
    await ledger.drain();
    rmSync(pathOf('gateway', 5));
    append('gateway', 6, head('gateway', 6) + closed(b));
    await ledger.drain();
    rmSync(join(directory, 'journals', 'gateway'), { recursive: true });
    await ledger.drain();
    append('gateway', 1, head('gateway', 1) + closed(c));
    await ledger.drain();
    expect(await bookedIds()).toEqual(idsOf([a, b, c]));
    expect(
      ledger.status().damage.map(({ segment, reason }) => [segment, reason.slice(0, 20)]),
    ).toEqual([
      [5, 'the segment vanished'],
      [6, 'the journal’s segmen'],
      [6, 'the journal began an'],
    ]);
  });

  test('booked segments that retention removes are no damage', async () => {
    append('gateway', 1, head('gateway', 1) + closed(sampleEntry()));
    append('gateway', 2, head('gateway', 2) + closed(sampleEntry()));
    const ledger = start();
    await ledger.drain();
    rmSync(pathOf('gateway', 1));
    await ledger.drain();
    expect(ledger.status()).toMatchObject({ damage: [], journals: [{ segments: 1 }] });
  });

  test('a newer schema stops its journal with a reason, and no other', async () => {
    const [a, b, c] = [sampleEntry(), sampleEntry(), sampleEntry()];
    const newer = { ...sampleEntry(), schema: 2, surprise: true };
    append('gateway', 1, head('gateway', 1) + closed(a) + closed(newer) + closed(b));
    append('sdk', 1, head('sdk', 1) + closed(c));
    const ledger = start();
    await ledger.drain();
    expect(await bookedIds()).toEqual(idsOf([a, c]));
    expect(ledger.status().stuck).toMatch(/journal gateway continues in schema 2.*Upgrade/);
    expect(ledger.status().lag.bytes).toBeGreaterThan(0);
    // The Farthing that knows the schema finds the journal at that line.
    const offset = Buffer.byteLength(head('gateway', 1) + closed(a));
    expect(await store.positions()).toContainEqual({ journal: 'gateway', segment: 1, offset });
  });

  test('fields that this version does not know are passed over', async () => {
    const entry = { ...sampleEntry(), novelty: { a: 1 } };
    append('gateway', 1, head('gateway', 1) + closed(entry));
    await start().drain();
    expect(await bookedIds()).toEqual([entry.id]);
  });
});

describe('a failing store', () => {
  test('is tried again until it takes the batch; nothing is lost or booked twice', async () => {
    const entries = some(3);
    const { store: flaky, batches } = watched(['before', 'after', 'before']);
    const rows: CallRow[] = [];
    const done = arrival();
    append('gateway', 1, head('gateway', 1) + entries.map(closed).join(''));
    const ledger = start({ store: flaky, onBooked: (booked) => rows.push(...booked) });
    await expect(ledger.drain()).rejects.toMatchObject({ code: 'store_disk_full' });
    expect(ledger.status()).toMatchObject({ stuck: 'No space left.' });
    expect(ledger.status().lag.bytes).toBeGreaterThan(0);
    expect(ledger.status().lag.oldest_ms).toBeGreaterThan(0);
    const last = sampleEntry();
    append('gateway', 1, closed(last));
    const poll = setInterval(() => {
      if (rows.some(({ id }) => id === last.id)) done.resolve();
    }, 20);
    await done.promise;
    clearInterval(poll);
    expect(await bookedIds()).toEqual(idsOf([...entries, last]));
    expect(batches.length).toBeGreaterThanOrEqual(2);
    expect(ledger.status()).toMatchObject({ stuck: null, lag: { bytes: 0 } });
  });

  test('stopping does not wait for it, and the next start books what is left', async () => {
    const entry = sampleEntry();
    append('gateway', 1, head('gateway', 1) + closed(entry));
    const { store: broken } = watched(Array.from({ length: 1000 }, () => 'before' as const));
    const ledger = start({ store: broken });
    await expect(ledger.drain()).rejects.toMatchObject({ code: 'store_disk_full' });
    await ledger.stop();
    await expect(ledger.drain()).rejects.toThrow('stopped');
    expect(await bookedIds()).toEqual([]);
    await start().drain();
    expect(await bookedIds()).toEqual([entry.id]);
  });

  test('an entry that the store alone finds impossible does not hold up the others', async () => {
    const entries = some(7);
    append('gateway', 1, head('gateway', 1) + entries.map(closed).join(''));
    const picky = new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name !== 'book') return typeof value === 'function' ? value.bind(target) : value;
        return (batch: BookingBatch) =>
          batch.entries.some(({ entry }) => entry.id === entries[4]!.id)
            ? Promise.reject(new FarthingError('entry_invalid', 'not this one'))
            : target.book(batch);
      },
    });
    const ledger = start({ store: picky });
    await ledger.drain();
    expect(await bookedIds()).toEqual(idsOf(entries.filter((_, index) => index !== 4)));
    expect(ledger.status()).toMatchObject({
      stuck: null,
      lag: { bytes: 0 },
      damage: [{ kind: 'line', reason: 'not this one' }],
    });
    const { length } = readFileSync(pathOf('gateway', 1));
    expect(await store.positions()).toEqual([{ journal: 'gateway', segment: 1, offset: length }]);
  });
});
