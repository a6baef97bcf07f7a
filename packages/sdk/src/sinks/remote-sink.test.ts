import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Entry } from '@farthing/core';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { sampleEntry } from './entry.fixture.js';
import { remoteSink, type RemoteSinkOptions } from './remote-sink.js';

const directory = mkdtempSync(join(tmpdir(), 'farthing-remote-'));
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => vi.restoreAllMocks());
let number = 0;
const freshDirectory = () => join(directory, String(++number));
const spoolFile = '0198c0de-0000-7000-8000-000000000000.jsonl';

/** A control plane that answers each request as `answer` says, given the request's ids. */
class Plane {
  readonly booked = new Set<string>();
  readonly requests: number[] = [];
  answer: (ids: string[]) => Promise<number> | number = () => 202;

  readonly fetch = (async (_url: string, init: RequestInit) => {
    const text = gunzipSync(Buffer.from(init.body as ArrayBuffer)).toString();
    const ids = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as Entry).id);
    this.requests.push(ids.length);
    // An endless loop becomes an error.
    if (this.requests.length > 500) throw new Error('too many requests');
    const status = await this.answer(ids);
    if (status === 202) for (const id of ids) this.booked.add(id);
    return new Response('{}', { status });
  }) as typeof fetch;

  sink(options: RemoteSinkOptions) {
    const url = 'http://127.0.0.1:4142';
    return remoteSink({ url, fetch: this.fetch, flushOnExit: false, ...options });
  }
}

const write = (sink: ReturnType<Plane['sink']>, count: number) => {
  for (let index = 0; index < count; index++) sink.write(sampleEntry());
};

describe('a remote sink with a spool', () => {
  test('sends no empty requests when what waited goes to the spool while it is sending', async () => {
    const plane = new Plane();
    plane.answer = () => 503;
    const options = { memoryEntries: 100, batchEntries: 10 };
    const sink = plane.sink({ ...options, spool: freshDirectory() });
    write(sink, 100);
    await vi.waitFor(() => expect(plane.requests).toHaveLength(1));
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    plane.answer = async () => {
      await held;
      return 202;
    };
    // Tried again with all hundred waiting; then memory fills up.
    await vi.waitFor(() => expect(plane.requests).toHaveLength(2));
    write(sink, 15);
    release();
    await sink.flush();
    await sink.flush();
    expect(plane.requests).not.toContain(0);
    expect(plane.booked.size).toBe(115);
    expect(sink.report).toMatchObject({ written: 115, delivered: 115, dropped: 0, failure: null });
  });

  test('passes over a file without a whole line and removes it', async () => {
    const spool = freshDirectory();
    mkdirSync(spool);
    writeFileSync(join(spool, spoolFile), '{"torn');
    const plane = new Plane();
    const sink = plane.sink({ spool });
    write(sink, 1);
    await sink.flush();
    expect(plane.requests).toEqual([1]);
    expect(readdirSync(spool)).toEqual([]);
  });

  test('says so and goes on when a file that was sent cannot be removed', async () => {
    const spool = freshDirectory();
    mkdirSync(spool);
    writeFileSync(join(spool, spoolFile), `${JSON.stringify(sampleEntry())}\n`);
    const plane = new Plane();
    const sink = plane.sink({ spool });
    plane.answer = () => {
      // What a removal meets whose directory was made read-only: here the file has become a directory.
      rmSync(join(spool, spoolFile), { force: true, recursive: true });
      mkdirSync(join(spool, spoolFile));
      return 202;
    };
    await sink.flush();
    expect(plane.requests).toEqual([1]);
    expect(sink.report.failure).toContain('cannot be removed');
    await sink.close();
  });
});

describe('what a remote sink reports', () => {
  test('counts each entry once, though half of a batch had to be sent again', async () => {
    const plane = new Plane();
    const sink = plane.sink({});
    write(sink, 4);
    const answers = [400, 202, 503];
    plane.answer = () => answers.shift() ?? 202;
    await sink.flush();
    await sink.flush();
    expect(plane.booked.size).toBe(4);
    expect(sink.report).toMatchObject({ written: 4, delivered: 4, dropped: 0 });
  });

  test('is also said aloud, once: what does not get through, and what is lost', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const plane = new Plane();
    plane.answer = () => 401;
    // Once in a process: a control plane of its own.
    const url = 'http://127.0.0.1:4999';
    const sink = plane.sink({ url, memoryEntries: 2, batchEntries: 2 });
    write(sink, 2);
    await sink.flush();
    write(sink, 10);
    await sink.flush();
    const said = warn.mock.calls.map(([message]) => String(message));
    expect(said.filter((message) => message.includes('answered 401'))).toHaveLength(1);
    expect(
      said.filter((message) => message.includes(`${url}/`) && /dropped/.test(message)),
    ).toEqual([expect.stringContaining('Its report() counts them and says why')]);
    expect(sink.report.dropped).toBe(10);
    await sink.close();
  });
});
