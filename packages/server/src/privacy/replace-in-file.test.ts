import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { replaceInFile } from './replace-in-file.js';

let directory = '';
let path = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'farthing-replace-'));
  path = join(directory, 'lines.jsonl');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const replacement = (find: string, by: string) => ({
  find: Buffer.from(find),
  by: Buffer.from(by),
});

test('every place is changed, also across the borders of what is read at once, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 400_000 }), { minLength: 1, maxLength: 12 }),
      async (gaps) => {
        const text = gaps.map((gap) => 'x'.repeat(gap)).join('u_1');
        await writeFile(path, text);
        const replaced = await replaceInFile(path, [replacement('u_1', 'u_9')]);
        expect(replaced).toBe(gaps.length - 1);
        expect((await readFile(path, 'utf8')) === text.replaceAll('u_1', 'u_9')).toBe(true);
        expect(await replaceInFile(path, [replacement('u_1', 'u_9')])).toBe(0);
      },
    ),
    { numRuns: 30 },
  );
});

test('a text that lies across the border of a mebibyte is found once', async () => {
  for (let shift = 0; shift < 6; shift++) {
    const text = `${'x'.repeat((1 << 20) - shift)}u_1,u_1${'x'.repeat(50)}`;
    await writeFile(path, text);
    expect(await replaceInFile(path, [replacement('u_1', 'u_9')])).toBe(2);
    expect((await readFile(path, 'utf8')) === text.replaceAll('u_1', 'u_9')).toBe(true);
  }
});

test('whoever appends meanwhile loses nothing', async () => {
  await writeFile(path, 'u_1\n'.repeat(300_000));
  const replacing = replaceInFile(path, [replacement('u_1', 'u_9')]);
  for (let line = 0; line < 50; line++) await appendFile(path, 'u_1\n');
  const replaced = await replacing;
  expect(replaced).toBeGreaterThanOrEqual(300_000);
  const expected = 'u_9\n'.repeat(replaced) + 'u_1\n'.repeat(300_050 - replaced);
  expect((await readFile(path, 'utf8')) === expected).toBe(true);
});
