import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Entry } from '@farthing/core';
import { afterAll, describe, expect, test } from 'vitest';
import { callbackSink } from './callback-sink.js';
import { sampleEntry } from './entry.fixture.js';
import { journalSink } from './journal-sink.js';
import { memorySink } from './memory-sink.js';
import { remoteSink, type RemoteSinkOptions } from './remote-sink.js';
import { SinkSet } from './sink-set.js';
import type { Sink } from './sink.js';

const directory = mkdtempSync(join(tmpdir(), 'farthing-sinks-'));
afterAll(() => rmSync(directory, { recursive: true }));
let number = 0;
const freshDirectory = () => join(directory, String(++number));

/** A control plane as the remote sink sees it: it books each id once, and can be away. */
class ControlPlane {
  readonly booked = new Map<string, Entry>();
  readonly batches: number[] = [];
  status = 202;
  /** Ids that it refuses, with their whole request. */
  readonly refuses = new Set<string>();
  /** Set to hold answers back until it is called. */
  release: (() => void) | null = null;

  readonly fetch = (async (_url: string, init: RequestInit) => {
    const lines = gunzipSync(Buffer.from(init.body as ArrayBuffer))
      .toString()
      .trim()
      .split('\n');
    const entries = lines.map((line) => JSON.parse(line) as Entry);
    this.batches.push(entries.length);
    if (this.release !== null) await new Promise<void>((resolve) => (this.release = resolve));
    if (this.status !== 202) return new Response('away', { status: this.status });
    if (entries.some(({ id }) => this.refuses.has(id))) return new Response('no', { status: 400 });
    for (const entry of entries) this.booked.set(entry.id, entry);
    return new Response('{}', { status: 202 });
  }) as typeof fetch;
}

const remote = (plane: ControlPlane, options: RemoteSinkOptions = {}) =>
  remoteSink({ url: 'http://127.0.0.1:4142', fetch: plane.fetch, flushOnExit: false, ...options });

interface World {
  sink: Sink;
  /** Ids of the entries that arrived, in order. */
  arrived(): string[];
}

const worlds: Record<string, () => Promise<World>> = {
  async memory() {
    const sink = memorySink();
    return { sink, arrived: () => sink.entries.map(({ id }) => id) };
  },
  async callback() {
    const ids: string[] = [];
    const sink = callbackSink(async ({ id }) => {
      await Promise.resolve();
      ids.push(id);
    });
    return { sink, arrived: () => ids };
  },
  async journal() {
    const data = freshDirectory();
    const sink = await journalSink({ data });
    return { sink, arrived: () => journalled(data).map(({ id }) => id) };
  },
  async remote() {
    const plane = new ControlPlane();
    return { sink: remote(plane), arrived: () => [...plane.booked.keys()] };
  },
};

function journalled(data: string): Entry[] {
  const folder = join(data, 'journals', 'sdk');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as { type: string; entry: Entry })
    .flatMap((line) => (line.type === 'closed' ? [line.entry] : []));
}

describe.each(Object.entries(worlds))('every sink: %s', (_name, open) => {
  test('has what was written when flush resolves, in order, and counts it', async () => {
    const { sink, arrived } = await open();
    const entries = Array.from({ length: 250 }, () => sampleEntry());
    for (const entry of entries) sink.write(entry);
    await sink.flush();
    expect(arrived()).toEqual(entries.map(({ id }) => id));
    expect(sink.report).toMatchObject({ written: 250, delivered: 250, dropped: 0, failure: null });
    await sink.close();
  });

  test('flush is immediate with nothing to do, and close can be repeated', async () => {
    const { sink } = await open();
    await sink.flush();
    await sink.close();
    await sink.close();
    expect(sink.report).toMatchObject({ written: 0, delivered: 0, dropped: 0 });
  });

  test('close brings the rest home', async () => {
    const { sink, arrived } = await open();
    const entry = sampleEntry();
    sink.write(entry);
    await sink.close();
    expect(arrived()).toEqual([entry.id]);
  });
});

describe('memory', () => {
  test('keeps the latest only, and says how many are gone', async () => {
    const sink = memorySink({ limit: 10 });
    for (let index = 0; index < 25; index++) sink.write(sampleEntry({ duration_ms: index }));
    await sink.flush();
    expect(sink.entries.map((entry) => entry.duration_ms)).toEqual(
      Array.from({ length: 10 }, (_, index) => 15 + index),
    );
    expect(sink.report).toMatchObject({ written: 25, delivered: 10, dropped: 15 });
  });
});

describe('callback', () => {
  test('counts what its function refuses, and what comes while it is stuck', async () => {
    let release = () => {};
    const stuck = new Promise<void>((resolve) => (release = resolve));
    const sink = callbackSink(
      ({ duration_ms }) => {
        if (duration_ms === 1) throw new Error('not this one');
        return stuck;
      },
      { limit: 2 },
    );
    for (const duration_ms of [1, 2, 3, 4]) sink.write(sampleEntry({ duration_ms }));
    expect(sink.report).toMatchObject({ written: 4, dropped: 2 });
    release();
    await sink.flush();
    expect(sink.report).toMatchObject({ delivered: 2, dropped: 2 });
  });
});

describe('remote', () => {
  const write = (sink: Sink, count: number) => {
    const entries = Array.from({ length: count }, () => sampleEntry());
    for (const entry of entries) sink.write(entry);
    return entries.map(({ id }) => id);
  };

  test('sends batches of a hundred', async () => {
    const plane = new ControlPlane();
    const sink = remote(plane);
    write(sink, 250);
    await sink.close();
    expect(plane.batches).toEqual([100, 100, 50]);
  });

  test('a dead control plane costs nothing but memory; what it missed arrives once, later', async () => {
    const plane = new ControlPlane();
    plane.status = 503;
    const sink = remote(plane, { memoryEntries: 400 });
    const ids = write(sink, 600);
    await sink.flush();
    expect(sink.report).toMatchObject({ written: 600, delivered: 0, dropped: 100 });
    expect(sink.report.failure).toMatch(/503/);
    plane.status = 202;
    await sink.flush();
    expect([...plane.booked.keys()]).toEqual(ids.slice(0, 500));
    expect(sink.report).toMatchObject({ delivered: 500, dropped: 100, failure: null });
    await sink.close();
  });

  test('with a spool nothing is dropped, and the next process sends what this one could not', async () => {
    const plane = new ControlPlane();
    plane.status = 503;
    const spool = freshDirectory();
    const first = remote(plane, { spool, memoryEntries: 100 });
    const ids = write(first, 450);
    await first.close();
    expect(first.report).toMatchObject({ written: 450, delivered: 0, dropped: 0 });

    plane.status = 202;
    const second = remote(plane, { spool });
    await second.flush();
    expect(new Set(plane.booked.keys())).toEqual(new Set(ids));
    expect(second.report).toMatchObject({ written: 450, delivered: 450 });
    expect(readdirSync(spool)).toEqual([]);
    await second.close();
  });

  test('a full spool drops, counts and says so', async () => {
    const plane = new ControlPlane();
    plane.status = 503;
    const sink = remote(plane, { spool: freshDirectory(), spoolBytes: 1_000 });
    write(sink, 50);
    await sink.close();
    expect(sink.report).toMatchObject({ written: 50, dropped: 50 });
    expect(sink.report.failure).toMatch(/full/);
  });

  test('a slow control plane holds nobody up: writing goes on, within the bounds of memory', async () => {
    const plane = new ControlPlane();
    plane.release = () => {};
    const sink = remote(plane, { memoryEntries: 300 });
    write(sink, 1_000);
    expect(sink.report).toMatchObject({ written: 1_000, dropped: 600 });
    const { release } = plane;
    plane.release = null;
    expect(release).toBeDefined();
    while (plane.batches.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    release();
  });

  test('an answer that is lost makes the batch come twice; each entry is booked once by its id', async () => {
    const plane = new ControlPlane();
    let losses = 1;
    const lossy = (async (url: string, init: RequestInit) => {
      const response = await plane.fetch(url, init);
      if (losses-- > 0) throw new Error('connection reset');
      return response;
    }) as typeof fetch;
    const sink = remoteSink({ url: 'http://127.0.0.1:4142', fetch: lossy, flushOnExit: false });
    const ids = write(sink, 3);
    await sink.flush();
    await sink.flush();
    expect(plane.batches).toEqual([3, 3]);
    expect([...plane.booked.keys()]).toEqual(ids);
    expect(sink.report).toMatchObject({ written: 3, delivered: 3, dropped: 0 });
    await sink.close();
  });

  test('one entry that is refused is found, dropped and counted; the others of its batch arrive', async () => {
    const plane = new ControlPlane();
    const sink = remote(plane);
    const ids = write(sink, 9);
    plane.refuses.add(ids[4]!);
    await sink.close();
    expect([...plane.booked.keys()]).toEqual(ids.filter((id) => id !== ids[4]));
    expect(sink.report).toMatchObject({ written: 9, delivered: 8, dropped: 1 });
  });

  test.each([undefined, 'not a url'])('an address that is none is refused: %s', (url) => {
    expect(() => remoteSink({ url })).toThrow(/control plane/);
  });
});

describe('all sinks of an application', () => {
  test('a sink that throws loses its own entries only', async () => {
    const good = memorySink();
    const bad: Sink = {
      ...memorySink(),
      name: 'bad',
      opened: () => {
        throw new Error('broken');
      },
      write: () => {
        throw new Error('broken');
      },
      flush: () => Promise.reject(new Error('broken')),
    };
    const sinks = new SinkSet([bad, good]);
    sinks.write(sampleEntry());
    await sinks.flush();
    expect(good.entries).toHaveLength(1);
    expect(sinks.report()).toMatchObject({ bad: { dropped: 1 }, memory: { delivered: 1 } });
  });
});
