import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { usualModes, Watch, type WatchSettings } from '@farthing/core';
import { callAt, history } from '../../../core/src/incidents/traffic.fixture.js';
import { readSnapshot, writeSnapshot, type Snapshot } from './snapshot-file.js';

const settings: WatchSettings = { modes: usualModes, rules: [] };
const positions = [{ journal: 'a', segment: 1, offset: 20 }];
let directory: string;
let path: string;
let plain: string;
let snapshot: Snapshot;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'farthing-snapshot-'));
  plain = join(directory, 'alerts', 'watch.jsonl');
  path = `${plain}.gz`;
  const watch = new Watch(settings);
  for (let feature = 0; feature < 60; feature++) {
    for (const { at, shape } of history(1, 4)) {
      watch.observe(callAt(at, { ...shape, feature: `feature-${feature}` }), false, at);
    }
  }
  snapshot = { watch, positions, learnUntil: null };
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const write = () => writeSnapshot(path, snapshot, new Date('2026-03-10T12:00:00.000Z'));
const known = ({ watch }: Snapshot) => JSON.stringify([watch, ...watch.groups]);

test('is read back as it was written, in the order of its groups, of several parts', async () => {
  await write();
  const read = await readSnapshot(path, settings);
  expect(read).toMatchObject({ positions, learnUntil: null });
  expect(known(read!)).toBe(known(snapshot));
  const text = gunzipSync(readFileSync(path));
  expect(text.length).toBeGreaterThan(256 * 1024);
  expect(readFileSync(path).length).toBeLessThan(text.length / 2);
});

test('one that is not whole cannot be used; where there is none, there is none', async () => {
  expect(await readSnapshot(path, settings)).toBeNull();
  await write();
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.subarray(0, bytes.length - 40));
  await expect(readSnapshot(path, settings)).rejects.toThrow();
});

/** Writes it once more in a process whose files may be 512 bytes smaller, as where a disk ends within it. */
function writeWhereRoomEnds(): string {
  const module = JSON.stringify(new URL('snapshot-file.ts', import.meta.url).href);
  const script = `
    const { readSnapshot, writeSnapshot } = await import(${module});
    const snapshot = await readSnapshot(${JSON.stringify(path)}, ${JSON.stringify(settings)});
    try {
      await writeSnapshot(${JSON.stringify(path)}, snapshot, new Date('2026-03-10T12:00:00.000Z'));
      console.log('written');
    } catch (error) { console.log(error.code); }`;
  const blocks = Math.floor((readFileSync(path).length - 1) / 512);
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
  return execFileSync('/bin/sh', ['-c', `ulimit -f ${blocks}; exec "$@"`, 'sh', ...node], {
    encoding: 'utf8',
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
  }).trim();
}

test('one that the disk has no room for leaves the one before as it was, and nothing beside it', async () => {
  await write();
  const before = readFileSync(path);
  expect(writeWhereRoomEnds()).toBe('EFBIG');
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(dirname(path))).toEqual([basename(path)]);
});

test('one from before they were compressed is read, and gone with the next', async () => {
  mkdirSync(join(directory, 'alerts'));
  const header = {
    format: 1,
    saved_at: '2026-03-10T12:00:00.000Z',
    positions,
    learn_until: null,
    watch: snapshot.watch,
  };
  const groups = [...snapshot.watch.groups];
  const lines = [header, ...groups, { groups: groups.length }].map((each) => JSON.stringify(each));
  writeFileSync(plain, `${lines.join('\n')}\n`);
  const read = await readSnapshot(path, settings);
  expect(known(read!)).toBe(known(snapshot));
  await write();
  expect(existsSync(plain)).toBe(false);
  expect(known((await readSnapshot(path, settings))!)).toBe(known(snapshot));
});
