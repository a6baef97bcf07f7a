import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newDirectory } from '../../test-support/import-books.js';
import { readJsonArray } from './read-json-array.js';
import { LineFile } from './read-lines.js';

const directory = newDirectory();
let files = 0;
const write = (text: string) => {
  const path = join(directory, `${files++}`);
  writeFileSync(path, text);
  return path;
};

async function linesOf(file: LineFile): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  for await (const { text, ended } of file.lines()) if (ended) found.push(text);
  return found;
}

test('lines are those of the text, wherever the pieces that are read end', async () => {
  const lengths = fc.array(fc.oneof(fc.nat(80), fc.integer({ min: 250_000, max: 600_000 })), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(lengths, async (all) => {
      // Two bytes a character, so that pieces end inside of one, too.
      const lines = all.map((length, index) => `${index}${'é'.repeat(length)}`);
      const file = await LineFile.open(write(`${lines.join('\n')}\n`));
      expect(await linesOf(file)).toEqual(lines);
      expect(file.line).toBe(lines.length);
      await file.close();
    }),
    { numRuns: 15 },
  );
});

test('a file that grows is read on; a last line without its end waits for it', async () => {
  const path = write('one\ntw');
  const file = await LineFile.open(path);
  expect(await linesOf(file)).toEqual(['one']);
  expect(await linesOf(file)).toEqual([]);
  appendFileSync(path, 'o\nthree\n');
  expect(await linesOf(file)).toEqual(['two', 'three']);
  expect(file).toMatchObject({ line: 3, offset: 14 });
  await file.close();
});

test('a line that is too long is passed over, and the next one is whole', async () => {
  const path = write(`a\n${'x'.repeat(700_000)}\nb\n`);
  const file = await LineFile.open(path, { longest: 1000 });
  const found = [];
  for await (const line of file.lines()) found.push(line.text === null ? line.reason : line.text);
  await file.close();
  expect(found[0]).toBe('a');
  expect(found[1]).toMatch(/^longer than/);
  expect(found[2]).toBe('b');
});

test('the records of a JSON array, of pages, and of large ones with brackets in their texts', async () => {
  const record = fc.record({
    id: fc.nat(),
    text: fc.oneof(fc.string(), fc.constantFrom('}]{["', '\\"}', 'é\n', '{'.repeat(300_000))),
    nested: fc.array(fc.record({ a: fc.nat() }), { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 6 }), fc.boolean(), async (records, paged) => {
      const text = paged
        ? `${JSON.stringify({ meta: { page: 1 }, data: records })}\n${JSON.stringify({ data: records, meta: {} })}`
        : JSON.stringify(records, null, 1);
      const found = [];
      for await (const read of readJsonArray(write(text))) found.push(read.record);
      expect(found).toEqual(paged ? [...records, ...records] : records);
    }),
    { numRuns: 25 },
  );
});
