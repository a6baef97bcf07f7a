import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { AppendFile } from './append-file.js';
import { RotatingFile } from './rotating-file.js';

const directory = mkdtempSync(join(tmpdir(), 'farthing-rotating-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('a sync that comes while a segment is being finished never meets a closed file', async () => {
  const files: { closed: boolean }[] = [];
  const openAppendFile = async (): Promise<AppendFile> => {
    const state = { closed: false };
    files.push(state);
    return {
      append: async () => {},
      // Slow, as disks are: the next sync arrives before this one is done.
      sync: () =>
        new Promise((resolve, reject) => {
          setTimeout(() => (state.closed ? reject(new Error('EBADF')) : resolve()), 5);
        }),
      close: async () => void (state.closed = true),
    };
  };
  let now = new Date('2026-10-14T21:59:59.000Z');
  const file = new RotatingFile({
    directory,
    firstSegment: 1,
    segmentBytes: 1_000_000,
    now: () => now,
    header: (segment) => `segment ${segment}`,
    openAppendFile,
  });
  await file.append(Buffer.from('a line\n'));
  now = new Date('2026-10-14T22:00:01.000Z');
  const rotating = file.append(Buffer.from('a line of the next hour\n'));
  await new Promise((resolve) => setTimeout(resolve, 2));
  await expect(file.sync()).resolves.toBeUndefined();
  await rotating;
  expect(files.map(({ closed }) => closed)).toEqual([true, false]);
  await file.close();
});
