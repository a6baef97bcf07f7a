import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { openJournal } from '@farthing/journal';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { knownEntry } from '../../../../core/src/telemetry/telemetry-world.fixture.js';
import { openTelemetryIngest, type TelemetryIngest } from './open-telemetry-ingest.js';
import { chat, protobufExport, type SentSpan } from './otlp-bytes.fixture.js';

let dataDirectory: string;
let journal: Entry[];
let failing: boolean;
const book = defaultPriceBook();
const now = Date.UTC(2026, 10, 1, 12, 5);

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'farthing-otlp-'));
  journal = [];
  failing = false;
});
afterEach(() => rm(dataDirectory, { recursive: true }));

const open = (hold = 60_000): Promise<TelemetryIngest> =>
  openTelemetryIngest({
    dataDirectory,
    store: { call: async () => null, adjustments: async () => new Map() },
    price: (request) => book.price(request),
    priceAs: (provider) => provider,
    defaults: {},
    protect: () => undefined,
    append: async (entries) => {
      if (failing) throw new Error('the disk is full');
      journal.push(...entries);
    },
    bookAll: async () => undefined,
    holdMilliseconds: hold,
    holdSummariesMilliseconds: hold,
    log: { info: () => undefined, warn: () => undefined },
    now: () => now,
  });

const send = (ingest: TelemetryIngest, spans: SentSpan[]) =>
  ingest.traces(
    new Request('http://127.0.0.1:4318/v1/traces', {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: Buffer.from(protobufExport(spans)),
    }),
  );

const summary: SentSpan = {
  spanId: '00f067aa0ba902b7',
  attributes: { ...chat, 'gen_ai.operation.name': 'invoke_agent' },
};

test('a stop books the calls that wait; summaries wait on for the next start', async () => {
  const first = await open();
  expect((await send(first, [{}, { ...summary, traceId: 'ab'.repeat(16) }])).status).toBe(200);
  await first.close();
  expect(journal.map(({ tags }) => tags.agent ?? 'no agent')).toEqual(['no agent']);
  const second = await open();
  expect(second.counts().waiting).toBe(2);
  await second.close();
});

test('a process that dies after its answer loses nothing', async () => {
  const first = await open();
  expect((await send(first, [{}])).status).toBe(200);
  // No close, and nothing was booked.
  expect(journal).toEqual([]);
  const second = await open();
  await second.close();
  expect(journal).toHaveLength(1);
  await first.close();
  expect(new Set(journal.map(({ id }) => id)).size).toBe(1);
});

test('a journal that does not take the calls at the stop has them at the next', async () => {
  const first = await open();
  await send(first, [{}]);
  failing = true;
  await first.close();
  failing = false;
  const second = await open();
  await second.close();
  expect(journal).toHaveLength(1);
});

test('what a gateway booked before the first span came is known from its journal', async () => {
  const opened = await openJournal({
    dataDirectory,
    name: 'gateway',
    interrupted: () => {
      throw new Error('no call was open');
    },
  });
  const entry = {
    ...knownEntry({ responseId: 'chatcmpl-1' }),
    recorded_at: new Date(now).toISOString(),
  };
  await opened.journal.durable(opened.journal.closed(entry));
  const ingest = await open();
  await send(ingest, [{ attributes: { ...chat, 'gen_ai.response.id': 'chatcmpl-1' } }]);
  await ingest.close();
  await opened.close();
  expect(journal).toEqual([]);
  expect(ingest.counts()).toMatchObject({ duplicate: 1, booked: 0 });
});

test('nothing that was not received is written', async () => {
  const ingest = await open();
  ingest.booked([knownEntry({})]);
  await ingest.close();
  expect(await readdir(join(dataDirectory, 'telemetry'))).toEqual(['0000000001.jsonl']);
  const text = await readFile(join(dataDirectory, 'telemetry', '0000000001.jsonl'), 'utf8');
  expect(text.trim().split('\n')).toHaveLength(1);
});
