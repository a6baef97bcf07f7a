import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { formatUsd } from '@farthing/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { batchOf, sampleEntry } from '../conformance/batches.js';
import { openDuckDbStore } from './index.js';
import { largestBatch } from './rollups.js';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'farthing-rollups-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function statement(sql: string): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(join(directory, 'farthing.duckdb'));
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(sql);
  const rows = reader.getRows().map(([value]) => value);
  connection.closeSync();
  instance.closeSync();
  return rows;
}

async function book(...costs: string[]): Promise<void> {
  const store = await openDuckDbStore({ directory });
  const entries = costs.map((usd) =>
    sampleEntry({ cost: { usd, status: 'priced', source: 'base', charges: [] } }),
  );
  await store.book(batchOf(entries));
  await store.close();
}

async function total(): Promise<unknown> {
  const store = await openDuckDbStore({ directory });
  const { rows, from } = await store.query({ measures: ['cost'] });
  await store.close();
  return { cost: rows[0]?.['cost'], from };
}

test('calls of one hour and key share a row, in whatever batches they come', async () => {
  await book('1', '2');
  await book('3');
  expect(await statement('SELECT cost FROM hourly')).toEqual([6_000_000_000_000n]);
  expect(await statement('SELECT calls FROM hourly_tenant')).toEqual([3n]);
});

test('a call of a large amount has a row of its own, so that no sum of a batch overflows', async () => {
  await book('9000000', '1', '9000000');
  await book('9000000', '2');
  const rows = await statement('SELECT cost FROM hourly ORDER BY cost');
  expect(rows.map((cost) => formatUsd(cost as bigint))).toEqual([
    '3',
    '9000000',
    '9000000',
    '9000000',
  ]);
  expect(await total()).toEqual({ cost: '27000003', from: 'rollup' });
});

test('a row that is full is left alone and a new one begun', async () => {
  await book('1');
  // As if very many calls had brought it this far.
  const nearlyFull = 2n ** 62n - 1n;
  await statement(`UPDATE hourly SET cost = ${nearlyFull} RETURNING cost`);
  await book('2');
  await book('3');
  await book('4');
  const full = nearlyFull + 2_000_000_000_000n;
  expect(await statement('SELECT cost FROM hourly ORDER BY cost')).toEqual([
    7_000_000_000_000n,
    full,
  ]);
  expect(await total()).toEqual({ cost: formatUsd(full + 7_000_000_000_000n), from: 'rollup' });
});

test('a batch beyond what its sums are sure to hold is refused', async () => {
  const store = await openDuckDbStore({ directory });
  const entry = sampleEntry();
  const batch = batchOf(Array.from({ length: largestBatch + 1 }, () => entry));
  await expect(store.book(batch)).rejects.toMatchObject({ code: 'batch_too_large' });
  await store.close();
});
