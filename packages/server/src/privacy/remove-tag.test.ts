import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeTagInFile } from './remove-tag.js';

let directory = '';
let path = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'farthing-remove-'));
  path = join(directory, 'lines.jsonl');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const write = (...records: unknown[]) =>
  writeFile(path, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
const read = async () =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

test('only tags go: a field, another tag and a text with the same words stay', async () => {
  const record = (custom: object) => ({
    provider: 'openai',
    usage: { raw: { provider: 'openai' }, notes: ['"provider":"openai"'] },
    tags: { feature: '{"tags":{"provider":"openai"}}', custom },
  });
  await write(record({ provider: 'openai', team: 'openai' }));
  expect(await removeTagInFile(path, 'provider', ['openai'])).toBe(1);
  expect(await read()).toEqual([record({ team: 'openai' })]);
});

test('it goes from calls that are open, from heads of segments and from the accounts of decisions', async () => {
  await write(
    { type: 'segment', open: [{ tags: { user: '7', run: '7' } }, { tags: { user: '8' } }] },
    { type: 'opened', attempt: 7, tags: { user: '7' } },
    { accounts: [{ scope: { user: '7' } }, { scope: { 'tag:team': '7' } }], tags: { user: '7' } },
  );
  expect(await removeTagInFile(path, 'user', ['7'])).toBe(4);
  expect(await read()).toEqual([
    { type: 'segment', open: [{ tags: { run: '7' } }, { tags: { user: '8' } }] },
    { type: 'opened', attempt: 7, tags: {} },
    { accounts: [{ scope: {} }, { scope: { 'tag:team': '7' } }], tags: {} },
  ]);
  expect(await removeTagInFile(path, 'team', ['7'])).toBe(1);
  expect(await removeTagInFile(path, 'user', ['7'])).toBe(0);
});

test('however a writer escapes a value, it is found', async () => {
  await writeFile(
    path,
    String.raw`{"tags":{"user":"\u00e9\"\/\\","run":"é"}}
{"tags":{"\u0075ser":"é\"/\\"}}
`,
  );
  expect(await removeTagInFile(path, 'user', ['é"/\\'])).toBe(2);
  expect(await read()).toEqual([{ tags: { run: 'é' } }, { tags: {} }]);
});

test('in whatever order tags are forgotten, what is left is what was there without them', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const tags = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(tags, tags, async (present, forgotten) => {
      const custom = Object.fromEntries(present.map((name) => [name, 'x']));
      await write({ tags: { custom } }, { tags: { custom, user: 'u' }, outcome: 'ok' });
      const { length } = await readFile(path);
      for (const name of forgotten) await removeTagInFile(path, name, ['x']);
      for (const name of forgotten) delete custom[name];
      expect(await readFile(path)).toHaveLength(length);
      expect(await read()).toEqual([
        { tags: { custom } },
        { tags: { custom, user: 'u' }, outcome: 'ok' },
      ]);
    }),
    { numRuns: 100 },
  );
});

test('across the borders of what is read at once, in a line that is cut off, and beside whoever appends', async () => {
  const line = `${JSON.stringify({ tags: { user: 'ada', run: 'x'.repeat(300) } })}\n`;
  await writeFile(path, line.repeat(10_000));
  expect(await removeTagInFile(path, 'user', ['ada'])).toBe(10_000);
  const kept = (record: unknown) => Object.keys((record as { tags: object }).tags).join();
  expect(new Set((await read()).map(kept))).toEqual(new Set(['run']));
  for (let cut = 1; cut < 40; cut++) {
    await writeFile(path, line.slice(0, cut));
    await removeTagInFile(path, 'user', ['ada']);
    await appendFile(path, line.slice(cut));
    expect(['user,run', 'run']).toContain((await read()).map(kept).join());
  }
});
