import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  startReceiver,
  type Receiver,
} from '../../packages/server/src/alerts/sinks/receiver.fixture.js';

let dataDirectory: string;
let receiver: Receiver;
let children: ChildProcess[] = [];
beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'farthing-killed-'));
  receiver = await startReceiver(() => null, { path: '/hook' });
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await receiver.goAway();
  await rm(dataDirectory, { recursive: true });
});

const taken: string[] = [];

function push(first: string, count: number): ChildProcess {
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('push-notices.mjs', import.meta.url)),
      dataDirectory,
      receiver.url,
      first,
      String(count),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  let rest = '';
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    taken.push(...lines);
  });
  return child;
}

test('killed again and again, every notice that counts as taken arrives, each incident in order', async () => {
  for (const round of ['a', 'b']) {
    receiver.behave(round === 'a' ? 'takes' : 'fails');
    const before = taken.length;
    const child = push(round, 10_000);
    const most = 30 + Math.floor(Math.random() * 20);
    await vi.waitFor(() => expect(taken.length).toBeGreaterThan(before + most), {
      timeout: 30_000,
      interval: 5,
    });
    child.kill('SIGKILL');
    await once(child, 'close');
  }
  receiver.behave('takes');
  push('c', 1);
  const keys = () => receiver.received.map(({ headers }) => String(headers['idempotency-key']));
  await vi.waitFor(
    () => {
      const arrived = new Set(keys());
      expect(taken.filter((key) => !arrived.has(key))).toEqual([]);
      expect(arrived).toContain('inc_c_0:2');
    },
    { timeout: 60_000, interval: 50 },
  );
  const versions = new Map<string, number>();
  for (const key of keys()) {
    const [id, version] = key.split(':') as [string, string];
    const before = versions.get(id) ?? 0;
    // Again, or the next: never one before.
    expect(Number(version) === before || Number(version) === before + 1).toBe(true);
    versions.set(id, Number(version));
  }
  expect(taken.length).toBeGreaterThan(60);
});
