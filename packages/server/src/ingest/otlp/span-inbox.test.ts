import { mkdtemp, readdir, rm, stat, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpanFacts } from '@farthing/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SpanInbox } from './span-inbox.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'farthing-inbox-'));
});
afterEach(() => rm(directory, { recursive: true }));

const facts = (span: number): SpanFacts => ({ trace: 'a', span: String(span), parent: null });
const now = () => Date.UTC(2026, 10, 1);
const open = () => SpanInbox.open({ directory, now });

async function earlier(inbox: SpanInbox): Promise<{ at: number; spans: SpanFacts[] }[]> {
  const requests: { at: number; spans: SpanFacts[] }[] = [];
  for await (const { at, spans } of inbox.earlier()) {
    requests.push({ at, spans: spans.flatMap((part) => part.unpack()) });
  }
  return requests;
}

/** The spans of one request, in parts. */
async function* parts(...spans: SpanFacts[][]): AsyncGenerator<SpanFacts[]> {
  yield* spans;
}

/** Whether the spans are on stable storage. */
async function stored(inbox: SpanInbox, ...spans: SpanFacts[][]): Promise<boolean> {
  return (await inbox.store(parts(...spans))) !== null;
}

test('what was acknowledged is there after a crash, and nothing of this process', async () => {
  const first = await open();
  const part = (from: number) => Array.from({ length: 400 }, (_, n) => facts(from + n));
  expect(await stored(first, part(0), part(400), part(800))).toBe(true);
  // No close: the process died.
  const second = await open();
  await stored(second, [facts(9_999)]);
  const lines = await earlier(second);
  expect(lines.flatMap(({ spans }) => spans)).toHaveLength(1_200);
  expect(lines.every(({ at }) => at === now())).toBe(true);
  await first.close();
  await second.close();
});

test('a request of which a part is missing is not there', async () => {
  const first = await open();
  const cutOff = async function* () {
    for (let n = 0; n < 3; n++) yield [facts(n)];
    throw new Error('the body was cut off');
  };
  await expect(first.store(cutOff())).rejects.toThrow('cut off');
  expect(await stored(first, [facts(10)], [facts(11)])).toBe(true);
  await first.close();
  const second = await open();
  expect((await earlier(second)).map(({ spans }) => spans)).toEqual([[facts(10), facts(11)]]);
  await second.close();
});

test('a torn line is passed over', async () => {
  const first = await open();
  await stored(first, [facts(1)]);
  await stored(first, [facts(2)]);
  await first.close();
  const [name] = await readdir(directory);
  const path = join(directory, name!);
  const { size } = await stat(path);
  await truncate(path, size - 5);
  const second = await open();
  expect((await earlier(second)).flatMap(({ spans }) => spans)).toEqual([facts(1)]);
  await second.close();
});

test('a disk that fails is said at once, and what it did not take is written when it does again', async () => {
  let full = true;
  const inbox = await SpanInbox.open({
    directory,
    now,
    openAppendFile: async () => ({
      append: async () => {
        if (full) throw new Error('ENOSPC');
      },
      sync: async () => undefined,
      close: async () => undefined,
    }),
  });
  expect(await stored(inbox, [facts(1)])).toBe(false);
  expect(inbox.failure?.message).toBe('ENOSPC');
  full = false;
  expect(await stored(inbox, [facts(2)]).then(() => inbox.close())).toBeUndefined();
  expect(inbox.failure).toBeNull();
});

test('segments expire by their age; the last one stays', async () => {
  for (let n = 0; n < 3; n++) {
    const inbox = await open();
    await stored(inbox, [facts(n)]);
    await inbox.close();
  }
  const names = (await readdir(directory)).sort();
  for (const name of names) await utimes(join(directory, name), 1_000, 1_000);
  const inbox = await open();
  await inbox.expire(2_000_000);
  expect((await readdir(directory)).sort()).toEqual(names.slice(-1));
  await inbox.close();
});
