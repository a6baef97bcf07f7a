import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFile } from './replace-file.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'farthing-files-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('a file is replaced whole, in a folder that is made for it, for this user alone', async () => {
  const path = join(root, 'new', 'file.json');
  await replaceFile(path, 'one');
  await replaceFile(path, 'two');
  expect(await readFile(path, 'utf8')).toBe('two');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('of several at once one stands in the end, whole, and no draft is left', async () => {
  const path = join(root, 'file');
  const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(10_000));
  await Promise.all(texts.map((text) => replaceFile(path, text)));
  expect(texts).toContain(await readFile(path, 'utf8'));
  expect(await readdir(root)).toEqual(['file']);
});

test('what cannot be replaced stays as it was, without a draft beside it', async () => {
  const path = join(root, 'folder');
  await mkdir(join(path, 'inside'), { recursive: true });
  await expect(replaceFile(path, 'text')).rejects.toThrow();
  expect(await readdir(root)).toEqual(['folder']);
});
