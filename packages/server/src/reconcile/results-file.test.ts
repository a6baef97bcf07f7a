import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reconciliation } from '@farthing/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ReconciliationsFile } from './results-file.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'farthing-results-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const result = (id: string) =>
  ({
    id,
    days: [{ day: id }],
    cells: [{}],
    causes: [{ cause: 'price', details: [{}] }],
  }) as unknown as Reconciliation;
const ids = (list: Reconciliation[]) => list.map(({ id }) => id);

test('results come back newest first, also those that another process appended', async () => {
  const file = new ReconciliationsFile(directory);
  expect(await file.list()).toEqual([]);
  await file.append(result('one'));
  expect(ids(await file.list())).toEqual(['one']);
  await new ReconciliationsFile(directory).append(result('two – später'));
  await file.append(result('three'));
  expect(ids(await file.list())).toEqual(['three', 'two – später', 'one']);
  expect(await file.list()).toEqual(await new ReconciliationsFile(directory).list());
});

test('half a line waits for its other half, and a torn one costs only itself', async () => {
  const file = new ReconciliationsFile(directory);
  const path = join(directory, 'reconciliations.jsonl');
  const line = `${JSON.stringify(result('one'))}\n`;
  appendFileSync(path, line.slice(0, 10));
  expect(await file.list()).toEqual([]);
  appendFileSync(path, line.slice(10));
  appendFileSync(path, '{"id":"torn","da\n');
  await file.append(result('two'));
  expect(ids(await file.list())).toEqual(['two', 'one']);
});

test('old results keep their days and lose their cells', async () => {
  const file = new ReconciliationsFile(directory);
  for (let number = 0; number < 103; number++) {
    await file.append(result(`run ${number}`));
    if (number % 40 === 0) await file.list();
  }
  const list = await file.list();
  expect(list).toHaveLength(103);
  expect(list.map(({ cells }) => cells.length)).toEqual([
    ...Array.from({ length: 100 }, () => 1),
    0,
    0,
    0,
  ]);
  expect(list[102]).toMatchObject({
    id: 'run 0',
    days: [{ day: 'run 0' }],
    causes: [{ details: [] }],
  });
});
