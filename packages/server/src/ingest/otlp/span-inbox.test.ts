import { mkdtemp, readdir, rm, stat, truncate, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SpanFacts } from '@farthing/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SpanInbox, type InboxLine } from './span-inbox.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'farthing-inbox-'));
});
afterEach(() => rm(directory, { recursive: true }));

const facts = (span: number): SpanFacts => ({ trace: 'a', span: String(span), parent: null });
const now = () => Date.UTC(2026, 10, 1);
const open = () => SpanInbox.open({ directory, now });

async function earlier(inbox: SpanInbox): Promise<InboxLine[]> {
  const lines: InboxLine[] = [];
  for await (const line of inbox.earlier()) lines.push(line);
  return lines;
}

test('what was acknowledged is there after a crash, and nothing of this process', async () => {
  const first = await open();
  expect(await first.append(Array.from({ length: 1_200 }, (_, n) => facts(n)))).toBe(true);
  // No close: the process died.
  const second = await open();
  await second.append([facts(9_999)]);
  const lines = await earlier(second);
  expect(lines.flatMap(({ spans }) => spans)).toHaveLength(1_200);
  expect(lines.every(({ at }) => at === now())).toBe(true);
  await first.close();
  await second.close();
});

test('a torn line is passed over', async () => {
  const first = await open();
  await first.append([facts(1)]);
  await first.append([facts(2)]);
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
  expect(await inbox.append([facts(1)])).toBe(false);
  expect(inbox.failure?.message).toBe('ENOSPC');
  full = false;
  expect(await inbox.append([facts(2)]).then(() => inbox.close())).toBeUndefined();
  expect(inbox.failure).toBeNull();
});

test('segments expire by their age; the last one stays', async () => {
  for (let n = 0; n < 3; n++) {
    const inbox = await open();
    await inbox.append([facts(n)]);
    await inbox.close();
  }
  const names = (await readdir(directory)).sort();
  for (const name of names) await utimes(join(directory, name), 1_000, 1_000);
  const inbox = await open();
  await inbox.expire(2_000_000);
  expect((await readdir(directory)).sort()).toEqual(names.slice(-1));
  await inbox.close();
});
