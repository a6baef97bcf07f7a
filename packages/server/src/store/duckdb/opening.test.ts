import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batchOf, sampleEntry } from '../conformance/batches.js';
import { openDuckDbStore } from './index.js';
import { schemaVersion } from './schema.js';

const child = fileURLToPath(new URL('./fixtures/child.mjs', import.meta.url));
const tsconfig = fileURLToPath(new URL('./fixtures/tsconfig.json', import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

let directory = '';
const children: ChildProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'farthing-duckdb-'));
});
afterEach(async () => {
  for (const one of children.splice(0)) one.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

function start(task: string[], options: { uid?: number } = {}): ChildProcess {
  const started = spawn(process.execPath, ['--import', tsx, child, directory, ...task], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TSX_TSCONFIG_PATH: tsconfig },
    ...options,
  });
  children.push(started);
  return started;
}

async function* linesOf(started: ChildProcess): AsyncGenerator<string> {
  yield* createInterface({ input: started.stdout! });
}

async function firstLine(started: ChildProcess): Promise<string> {
  for await (const line of linesOf(started)) return line;
  return '';
}

const file = () => join(directory, 'farthing.duckdb');
const digest = async () =>
  createHash('sha256')
    .update(await readFile(file()))
    .digest('hex');

async function changeFile(statement: string): Promise<void> {
  const instance = await DuckDBInstance.create(file());
  const connection = await instance.connect();
  await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

describe('opening the DuckDB store', () => {
  test('a store that another process has open is refused, naming that process', async () => {
    const holder = start(['hold']);
    expect(await firstLine(holder)).toBe('ready');
    for (const readOnly of [false, true]) {
      await expect(openDuckDbStore({ directory, readOnly })).rejects.toMatchObject({
        code: 'store_locked',
        message: expect.stringContaining(`process ${holder.pid}`),
      });
    }
    const closed = new Promise((resolve) => holder.once('exit', resolve));
    holder.stdin!.end();
    await closed;
    await (await openDuckDbStore({ directory })).close();
  });

  test('a store that this process has open is refused, because file locks would not', async () => {
    const store = await openDuckDbStore({ directory });
    await expect(openDuckDbStore({ directory: join(directory, '.') })).rejects.toMatchObject({
      code: 'store_locked',
    });
    await store.close();
    await (await openDuckDbStore({ directory })).close();
  });

  test('a database with a newer schema is refused and not touched', async () => {
    await (await openDuckDbStore({ directory })).close();
    await changeFile(`UPDATE farthing_schema SET version = ${schemaVersion + 1}`);
    const before = { bytes: await digest(), names: await readdir(directory) };
    for (const readOnly of [false, true]) {
      await expect(openDuckDbStore({ directory, readOnly })).rejects.toMatchObject({
        code: 'store_too_new',
        message: expect.stringContaining(`schema ${schemaVersion + 1}`),
      });
    }
    expect({ bytes: await digest(), names: await readdir(directory) }).toEqual(before);
  });

  test('a file in a newer format of the database itself is refused and not touched', async () => {
    await (await openDuckDbStore({ directory })).close();
    const bytes = await readFile(file());
    // The storage version is the 64-bit number after the checksum and the magic bytes "DUCK".
    expect(bytes.toString('latin1', 8, 12)).toBe('DUCK');
    bytes.writeBigUInt64LE(9999n, 12);
    await writeFile(file(), bytes);
    // The checksum before it no longer fits; the database tells which one would.
    const complaint = await DuckDBInstance.create(file()).catch((error: Error) => error.message);
    bytes.writeBigUInt64LE(BigInt(/computed checksum (\d+)/.exec(String(complaint))![1]!), 0);
    await writeFile(file(), bytes);
    const before = await digest();
    await expect(openDuckDbStore({ directory })).rejects.toMatchObject({ code: 'store_too_new' });
    expect(await digest()).toBe(before);
  });

  test('a file that is no database is refused and not touched', async () => {
    await writeFile(file(), 'not a database\n'.repeat(10_000));
    const before = await digest();
    await expect(openDuckDbStore({ directory })).rejects.toMatchObject({ code: 'store_damaged' });
    expect(await digest()).toBe(before);
  });

  test('a directory that cannot be made is refused', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(
      openDuckDbStore({ directory: join(directory, 'file', 'data') }),
    ).rejects.toMatchObject({ code: 'store_not_writable' });
  });

  test('read-only opening needs a database, then answers and takes no bookings', async () => {
    await expect(openDuckDbStore({ directory, readOnly: true })).rejects.toMatchObject({
      code: 'store_missing',
    });
    const store = await openDuckDbStore({ directory });
    await store.book(batchOf([sampleEntry()]));
    await store.close();
    const reader = await openDuckDbStore({ directory, readOnly: true });
    expect((await reader.query({ measures: ['calls'] })).rows).toEqual([{ calls: 1 }]);
    await expect(reader.book(batchOf([sampleEntry()]))).rejects.toMatchObject({
      code: 'store_not_writable',
    });
    await reader.close();
  });

  test('after closing, every question is refused with a reason', async () => {
    const store = await openDuckDbStore({ directory });
    await store.close();
    await store.close();
    const refused = { code: 'store_closed' };
    await expect(store.query({ measures: ['calls'] })).rejects.toMatchObject(refused);
    await expect(store.book(batchOf([sampleEntry()]))).rejects.toMatchObject(refused);
    await expect(store.positions()).rejects.toMatchObject(refused);
  });

  test.runIf(process.getuid?.() === 0)(
    'without the right to write, opening says so and read-only opening works',
    async () => {
      const store = await openDuckDbStore({ directory });
      await store.book(batchOf([sampleEntry()]));
      await store.close();
      await chmod(file(), 0o444);
      await chmod(directory, 0o555);
      const nobody = { uid: 65_534 };
      expect(await firstLine(start(['try'], nobody))).toMatch(/^store_not_writable /);
      expect(await firstLine(start(['try-read'], nobody))).toBe('opened 1');
    },
  );

  test('a question beyond the memory limit is refused or answered, and the store goes on', async () => {
    const store = await openDuckDbStore({ directory, memoryLimit: '64MB' });
    const entries = Array.from({ length: 20_000 }, (_, index) =>
      sampleEntry({ tags: { session: `session-${index}-${'x'.repeat(2000)}` } }),
    );
    for (let start = 0; start < entries.length; start += 1000) {
      await store.book(batchOf(entries.slice(start, start + 1000), { offset: start * 1000 }));
    }
    const asked = store.query({ measures: ['cost'], dimensions: ['session'], limit: 100_000 });
    const outcome = await asked.then(
      ({ rows }) => rows.length,
      (error: { code: string }) => error.code,
    );
    expect([20_000, 'store_out_of_memory']).toContain(outcome);
    expect((await store.query({ measures: ['calls'] })).rows).toEqual([{ calls: 20_000 }]);
    await store.close();
  });
});

describe('a crash', () => {
  test('right after the database was made, or its schema stepped up, leaves one that opens', async () => {
    const started = start(['hold']);
    expect(await firstLine(started)).toBe('ready');
    const gone = new Promise((resolve) => started.once('exit', resolve));
    started.kill('SIGKILL');
    await gone;
    const store = await openDuckDbStore({ directory });
    expect((await store.query({ measures: ['calls'] })).rows).toEqual([{ calls: 0 }]);
    await store.close();
  });

  test(
    'leaves whole batches or none: 20 kills at random moments lose, repeat and tear nothing',
    { timeout: 120_000 },
    async () => {
      let committed = 0;
      let next = start(['book']);
      for (let round = 0; round < 20; round++) {
        // The next process loads its modules while this one books, and opens the store when told.
        const started = next;
        next = start(['book']);
        started.stdin!.write(`${committed}\n`);
        const killAfter = Math.floor(Math.random() * 6);
        let seen = 0;
        for await (const line of linesOf(started)) {
          expect(line).toMatch(/^\d+$/);
          committed = Number(line);
          // Some milliseconds into the next transaction, wherever that is.
          if (seen++ === killAfter) {
            setTimeout(() => started.kill('SIGKILL'), Math.random() * 40);
          }
        }
      }
      const store = await openDuckDbStore({ directory });
      const [position] = await store.positions();
      const booked = position!.offset;
      expect(booked).toBeGreaterThanOrEqual(committed);
      expect(booked).toBeLessThanOrEqual(committed + 10);
      const total = { calls: booked, tokens_output: booked * 50 };
      const measures = ['calls' as const, 'tokens_output' as const];
      expect(await store.query({ measures })).toMatchObject({ from: 'rollup', rows: [total] });
      expect(await store.query({ measures: [...measures, 'cost_p50'] })).toMatchObject({
        from: 'calls',
        rows: [total],
      });
      const pages = await store.query({ measures: ['calls'], dimensions: ['tenant'] });
      expect(pages.rows).toEqual([{ tenant: null, calls: booked }]);
      expect((await store.summary()).entries).toBe(booked);
      await store.close();
    },
  );
});
