import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { formatUsd } from '@farthing/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { batchOf, sampleEntry } from '../conformance/batches.js';
import { compactHours } from './compaction.js';
import { openDuckDbStore } from './index.js';
import { openMigrated } from './migrations.js';
import { largestBatch } from './rollups.js';

// Stores open and write slowly on a busy machine, which must not fail what they do.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

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

async function compact(hour: string): Promise<void> {
  const database = await openMigrated({
    path: join(directory, 'farthing.duckdb'),
    readOnly: false,
    memoryLimit: '512MB',
    threads: 1,
    checkpointThreshold: '64MB',
  });
  await compactHours(database, [Date.parse(hour)]);
  await database.close();
}

async function total(): Promise<unknown> {
  const store = await openDuckDbStore({ directory });
  const { rows, from } = await store.query({ measures: ['cost'] });
  await store.close();
  return { cost: rows[0]?.['cost'], from };
}

/** The costs in a roll-up's rows, in USD. */
async function costs(table = 'hourly'): Promise<string[]> {
  const rows = await statement(`SELECT cost FROM ${table} ORDER BY cost`);
  return rows.map((cost) => formatUsd(cost as bigint));
}

test('calls of one batch, hour and key share a row of each roll-up', async () => {
  await book('1', '2');
  await book('3');
  expect(await costs('hourly')).toEqual(['3', '3']);
  expect(await costs('hourly_tenant')).toEqual(['3', '3']);
});

test('a call of a large amount has a row of its own, so that no sum of a batch overflows', async () => {
  await book('9000000', '1', '9000000', '2');
  expect(await costs()).toEqual(['3', '9000000', '9000000']);
  expect(await total()).toEqual({ cost: '18000003', from: 'rollup' });
});

test('compaction leaves one row for each key and hour, and every sum as it was', async () => {
  await book('1', '2');
  await book('3');
  await compact('2026-03-01T14:00:00Z');
  expect(await costs('hourly')).toEqual(['6']);
  expect(await costs('hourly_tenant')).toEqual(['6']);
  await book('4');
  await compact('2026-03-01T13:00:00Z');
  expect(await costs()).toEqual(['4', '6']);
  expect(await total()).toEqual({ cost: '10', from: 'rollup' });
});

test('an hour whose sum is beyond 64 bits keeps its rows apart, and is summed exactly', async () => {
  await book('9000000', '1');
  await book('9000000', '2');
  await compact('2026-03-01T14:00:00Z');
  expect(await costs()).toEqual(['1', '2', '9000000', '9000000']);
  expect(await total()).toEqual({ cost: '18000003', from: 'rollup' });
});

test('a store that takes many batches compacts by itself', async () => {
  const store = await openDuckDbStore({ directory });
  for (let batch = 0; batch < 60; batch++) {
    const entries = Array.from({ length: 500 }, (_, index) =>
      sampleEntry({ tags: { feature: `feature-${index}`, tenant: `tenant-${index}` } }),
    );
    await store.book(batchOf(entries));
  }
  await store.close();
  expect(await statement('SELECT count(*) FROM hourly')).toEqual([500n]);
  expect(await statement('SELECT count(*) FROM hourly_tenant')).toEqual([500n]);
  expect(await statement('SELECT sum(calls)::BIGINT FROM hourly')).toEqual([30_000n]);
});

test('a batch beyond what its sums are sure to hold is refused', async () => {
  const store = await openDuckDbStore({ directory });
  const entry = sampleEntry();
  const batch = batchOf(Array.from({ length: largestBatch + 1 }, () => entry));
  await expect(store.book(batch)).rejects.toMatchObject({ code: 'batch_too_large' });
  await store.close();
});
