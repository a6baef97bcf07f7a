import {
  appendFile,
  chmod,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '@farthing/core';
import { expect, test } from 'vitest';
import { sampleEntry } from '../../store/conformance/batches.js';
import { describeOutlet } from '../conformance.js';
import { openJsonlOutlet } from './jsonl-outlet.js';

async function linesOf(directory: string): Promise<Entry[]> {
  const files = (await readdir(directory)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
  return texts
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Entry);
}

describeOutlet(
  'jsonl',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'farthing-archive-'));
    const directory = join(root, 'archive');
    return {
      open: () => openJsonlOutlet({ directory }),
      received: () => linesOf(directory),
      // A disk that is not mounted: what stands in its place is no folder.
      async goAway() {
        await rename(directory, `${directory}.away`);
        await writeFile(directory, '');
      },
      async comeBack() {
        await rm(directory);
        await rename(`${directory}.away`, directory);
      },
      async close() {
        await chmod(root, 0o700);
        await rm(root, { recursive: true });
      },
    };
  },
  { dropsRepeated: true },
);

test('there is a file for each day, and a line that a crash cut off goes', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'farthing-archive-'));
  let now = new Date('2026-11-22T23:59:59Z');
  const [a, b, c] = [sampleEntry(), sampleEntry(), sampleEntry()];
  const open = () => openJsonlOutlet({ directory, now: () => now });
  await (await open()).write([a]);
  await appendFile(join(directory, 'entries-2026-11-22.jsonl'), JSON.stringify(b).slice(0, 40));
  await (await open()).write([a, b]);
  now = new Date('2026-11-23T00:00:00Z');
  await (await open()).write([c]);
  expect(await readdir(directory)).toEqual([
    'entries-2026-11-22.jsonl',
    'entries-2026-11-23.jsonl',
  ]);
  expect((await linesOf(directory)).map(({ id }) => id)).toEqual([a.id, b.id, c.id]);
  await rm(directory, { recursive: true });
});

test('what comes again is dropped, also behind entries of another journal and after midnight', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'farthing-archive-'));
  let now = new Date('2026-11-22T23:59:59Z');
  const open = () => openJsonlOutlet({ directory, now: () => now });
  const [a, b, c] = [sampleEntry(), sampleEntry(), sampleEntry()];
  await (await open()).write([a, b]);
  const again = await open();
  await again.write([c]);
  now = new Date('2026-11-23T00:00:00Z');
  await again.write([b]);
  const third = await open();
  await third.write([sampleEntry()]);
  await (await open()).write([a, b, c]);
  const ids = (await linesOf(directory)).map(({ id }) => id);
  expect(ids.slice(0, 3)).toEqual([a.id, b.id, c.id]);
  expect(ids).toHaveLength(4);
  await rm(directory, { recursive: true });
});
