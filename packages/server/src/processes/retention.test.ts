import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { utimes } from 'node:fs/promises';
import { openJournal } from '@farthing/journal';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { openOutlets, type Outlets } from '../outlets/index.js';
import { sampleEntry } from '../store/conformance/batches.js';
import { applyRetention } from './retention.js';

let books: TestBooks;
let outlets: Outlets | null = null;
let hook: Server | null = null;
beforeEach(async () => {
  books = await openTestBooks();
});
afterEach(async () => {
  await outlets?.stop();
  hook?.close();
  await books.close();
});

const quiet = { info: () => undefined, warn: () => undefined };
const segments = () =>
  readdirSync(join(books.dataDirectory, 'journals', 'old')).filter((name) =>
    name.endsWith('.jsonl'),
  );

/** A journal of four segments with one entry each, all booked and last written long ago. */
async function fillJournal(): Promise<void> {
  for (let n = 0; n < 4; n++) {
    const opened = await openJournal({
      dataDirectory: books.dataDirectory,
      name: 'old',
      interrupted: () => {
        throw new Error('no call was open');
      },
    });
    await opened.journal.durable(opened.journal.closed(sampleEntry()));
    await opened.close();
  }
  await books.ledger.drain();
  const directory = join(books.dataDirectory, 'journals', 'old');
  for (const name of segments()) await utimes(join(directory, name), 1_000, 1_000);
}

const retain = () =>
  applyRetention({
    dataDirectory: books.dataDirectory,
    store: books.store,
    outlets: outlets!,
    days: 30,
    now: () => new Date('2026-11-22T12:00:00Z'),
  });

test('a dead outlet holds back every segment that it has not had, and they go when it has', async () => {
  await fillJournal();
  const before = segments();
  expect(before.length).toBeGreaterThan(3);
  hook = createServer((request, response) => {
    request.resume();
    request.once('end', () => response.writeHead(alive ? 200 : 503).end());
  }).listen(0, '127.0.0.1');
  let alive = false;
  await new Promise((resolve) => hook!.once('listening', resolve));
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
  outlets = openOutlets([{ name: 'hook', type: 'webhook', url, from: 'beginning', headers: {} }], {
    dataDirectory: books.dataDirectory,
    store: books.store,
    log: quiet,
    now: () => new Date(),
  });
  await vi.waitFor(() => expect(outlets!.statuses()[0]!.state).toBe('waiting'), 10_000);
  await retain();
  expect(segments()).toEqual(before);

  alive = true;
  await vi.waitFor(
    () => expect(outlets!.statuses()[0]).toMatchObject({ delivered: 4, behind_bytes: 0 }),
    20_000,
  );
  await vi.waitFor(async () => {
    await retain();
    expect(segments()).toEqual(before.slice(-1));
  }, 10_000);
});

test('without outlets what is old and booked goes at once, but for the last segment', async () => {
  await fillJournal();
  const before = segments();
  outlets = openOutlets([], {
    dataDirectory: books.dataDirectory,
    store: books.store,
    log: quiet,
    now: () => new Date(),
  });
  await retain();
  expect(segments()).toEqual(before.slice(-1));
});
