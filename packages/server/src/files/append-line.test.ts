import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendLine } from './append-line.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'farthing-lines-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Appends in a process whose files may have 1,024 bytes, as where a disk has so much room left. */
function appendWhereRoomEnds(path: string, value: unknown): string {
  const module = JSON.stringify(new URL('append-line.ts', import.meta.url).href);
  const script = `
    const { appendLine } = await import(${module});
    try {
      appendLine(${JSON.stringify(path)}, ${JSON.stringify(value)}, 'lines_unwritable');
      console.log('written');
    } catch (error) { console.log(error.code, error.message); }`;
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
  return execFileSync('/bin/sh', ['-c', 'ulimit -f 2; exec "$@"', 'sh', ...node], {
    encoding: 'utf8',
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
  }).trim();
}

describe('a line that is appended', () => {
  test('stands whole, and after one that was torn', async () => {
    const path = join(directory, 'new', 'lines.jsonl');
    appendLine(path, { a: 1 }, 'lines_unwritable');
    await writeFile(path, '{"b":', { flag: 'a' });
    appendLine(path, { c: 3 }, 'lines_unwritable');
    expect(await readFile(path, 'utf8')).toBe('{"a":1}\n{"b":\n{"c":3}\n');
  });

  test('is refused where there is room for a part of it alone, and loses nothing that comes later', async () => {
    const path = join(directory, 'lines.jsonl');
    await writeFile(path, `"${'x'.repeat(997)}"\n`);
    const said = appendWhereRoomEnds(path, { budget: 'y'.repeat(100) });
    expect(said).toMatch(/^lines_unwritable .*lines\.jsonl cannot be written: EFBIG/);
    appendLine(path, { c: 3 }, 'lines_unwritable');
    expect((await readFile(path, 'utf8')).split('\n').at(-2)).toBe('{"c":3}');
  });
});
