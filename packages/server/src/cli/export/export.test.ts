import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { DuckDBInstance } from '@duckdb/node-api';
import { FocusValidator, type Entry, type FocusFinding } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../../test-support/open-test-books.js';
import { runCommand } from '../../../test-support/run-command.js';
import { serveControlPlane } from '../../api/index.js';
import { demoEntries } from '../../processes/demo-entries.js';
import { sampleEntry } from '../../store/conformance/batches.js';
import { writeParquet } from '../../store/duckdb/index.js';
import { exportCommand } from './export.js';
import { reportCommand } from '../report/report.js';

const until = Date.UTC(2026, 1, 28, 12);
const february = '--since 2026-02-10 --until 2026-03-01';

/** Calls of the demo company, one that was corrected a month later, one that bills what the provider says. */
function someEntries(): Entry[] {
  const book = defaultPriceBook();
  const entries: Entry[] = [];
  for (const entry of demoEntries({
    until,
    price: (call) => book.price(call),
    tokenPrices: (question) => book.tokenPrices(question),
    pseudonymize: (user) => `u_${user}`,
  })) {
    if (entry.started_at >= '2026-02-14') entries.push(entry);
    if (entries.length === 2000) break;
  }
  const priced = entries.find(({ cost }) => cost.charges.length > 1)!;
  const taken = priced.cost.charges.map((charge) =>
    Object.assign({}, charge, { quantity: -charge.quantity, amount_usd: `-${charge.amount_usd}` }),
  );
  const adjustment: Entry = {
    ...priced,
    id: crypto.randomUUID(),
    kind: 'adjustment',
    recorded_at: '2026-03-05T09:00:00.000Z',
    adjusts: {
      entry: priced.id,
      number: 1,
      cause: 'manual',
      reason: 'refunded by the provider',
      by: 'accounting',
      status_before: 'priced',
      status_after: 'priced',
      usd_before: priced.cost.usd,
      usd_after: '0',
    },
    cost: { ...priced.cost, usd: `-${priced.cost.usd}`, charges: taken },
  };
  const reported = sampleEntry({
    started_at: '2026-02-20T10:00:00.000Z',
    ended_at: '2026-02-20T10:00:00.000Z',
  });
  reported.cost = {
    ...reported.cost,
    usd: '0.002',
    source: 'reported',
    reported_usd: '0.002',
    computed_usd: '0.001875',
  };
  return [...entries, adjustment, reported];
}

let books: TestBooks;
let directory: string;
let served: Awaited<ReturnType<typeof serveControlPlane>>;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'farthing-export-'));
  books = await openTestBooks();
  const entries = someEntries();
  await books.book(entries);
  served = await serveControlPlane(books.app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await served.close();
  await books.close();
  rmSync(directory, { recursive: true, force: true });
});

async function run(words: string) {
  let rows = '';
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      rows += chunk.toString();
      done();
    },
  });
  const result = await runCommand((context) => exportCommand(context, output), words, {
    dataDirectory: books.dataDirectory,
    controlUrl: served.url,
    now: () => new Date('2026-03-06T00:00:00.000Z'),
    writeParquet,
  });
  return { ...result, rows };
}

/** What a report says of the same window. */
async function reportedCost(): Promise<string> {
  const { stdout } = await runCommand(reportCommand, `${february} --json`, {
    dataDirectory: books.dataDirectory,
    controlUrl: served.url,
  });
  return (JSON.parse(stdout) as { totals: { cost: string } }).totals.cost;
}

/** Reads an exported file with DuckDB and puts every value as the specification writes it. */
async function readBack(
  source: string,
): Promise<{ rows: Record<string, string | null>[]; types: Map<string, string>; billed: string }> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
  const types = new Map(
    described.getRows().map(([name, type]) => [String(name), String(type)] as const),
  );
  const columns = [...types].map(([name, type]) => {
    if (type.startsWith('TIMESTAMP')) {
      return `strftime("${name}"::TIMESTAMP, '%Y-%m-%dT%H:%M:%SZ') AS "${name}"`;
    }
    return type.startsWith('DECIMAL')
      ? `regexp_replace(regexp_replace("${name}"::VARCHAR, '(\\.\\d*?)0+$', '\\1'), '\\.$', '') AS "${name}"`
      : `"${name}"::VARCHAR AS "${name}"`;
  });
  await connection.run("SET TimeZone = 'UTC'");
  const reader = await connection.runAndReadAll(`SELECT ${columns.join(', ')} FROM ${source}`);
  const total = await connection.runAndReadAll(
    `SELECT regexp_replace(sum("BilledCost"::DECIMAL(38,12))::VARCHAR, '0+$', '') FROM ${source}`,
  );
  const rows = reader.getRowObjects() as Record<string, string | null>[];
  const billed = String(total.getRows()[0]?.[0]);
  instance.closeSync();
  return { rows, types, billed };
}

function findings(rows: readonly Record<string, string | null>[]): FocusFinding[] {
  const validator = new FocusValidator(Object.keys(rows[0] ?? {}));
  for (const row of rows) validator.check(row);
  return validator.findings();
}

describe('farthing export focus', () => {
  test('CSV: every row keeps the specification, the sum is the report’s to the picodollar, and unknown costs are left out and said so', async () => {
    const file = join(directory, 'focus.csv');
    const { stdout, stderr, exitCode } = await run(
      `focus ${february} --out ${file} --check --json`,
    );
    expect(stderr).toContain('Every row keeps every rule');
    const { unknown_model: unknown } = JSON.parse(stdout).unpriced_calls;
    expect(unknown).toBeGreaterThan(0);
    expect(stderr).toContain(`Left out: ${unknown} calls of unknown cost (unknown_model)`);
    expect(exitCode).toBe(0);
    const summary = JSON.parse(stdout);
    const { rows, billed } = await readBack(
      `read_csv('${file}', all_varchar = true, header = true)`,
    );
    expect(rows.length).toBeGreaterThan(4000);
    expect(findings(rows)).toEqual([]);
    expect(summary).toMatchObject({ rows: rows.length, findings: [], file });
    expect(summary.billed_cost).toBe(await reportedCost());
    expect(billed).toBe(summary.billed_cost);
    expect(rows.filter(({ ChargeClass }) => ChargeClass === 'Correction').length).toBeGreaterThan(
      1,
    );
    expect(existsSync(`${file}.unfinished`)).toBe(false);
  });

  test('Parquet: the same rows, in decimals and timestamps', async () => {
    const csv = join(directory, 'same.csv');
    const parquet = join(directory, 'same.parquet');
    await run(`focus ${february} --out ${csv}`);
    const { exitCode, stderr } = await run(`focus ${february} --format parquet --out ${parquet}`);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { rows, types } = await readBack(`read_parquet('${parquet}')`);
    expect(Object.fromEntries(types)).toMatchObject({
      BilledCost: 'DECIMAL(38,12)',
      ListUnitPrice: 'DECIMAL(38,12)',
      ListCost: 'DECIMAL(38,24)',
      ChargePeriodStart: 'TIMESTAMP WITH TIME ZONE',
      Tags: 'VARCHAR',
    });
    expect(findings(rows)).toEqual([]);
    const same = await readBack(`read_csv('${csv}', all_varchar = true, header = true)`);
    expect(JSON.stringify(rows) === JSON.stringify(same.rows)).toBe(true);
  });

  test('aggregated by the hour there are fewer rows with the same sum', async () => {
    const file = join(directory, 'hourly.csv');
    const { stdout } = await run(
      `focus ${february} --aggregate hour --tags feature --out ${file} --check --json`,
    );
    const { rows, billed } = await readBack(
      `read_csv('${file}', all_varchar = true, header = true)`,
    );
    const summary = JSON.parse(stdout);
    expect(rows.length).toBeLessThan(summary.entries);
    expect(billed).toBe(await reportedCost());
    expect(summary.findings).toEqual([]);
  });

  test('to standard output come rows and nothing else', async () => {
    const { rows, stdout, stderr } = await run(`focus --since 2026-02-20 --until 2026-02-21`);
    expect(rows.startsWith('AvailabilityZone,BilledCost,')).toBe(true);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/rows from .* entries, billed cost \$/);
  });

  test('a closed month comes out byte for byte as it was, whatever is corrected later', async () => {
    const { rows: whenClosed } = await run(`focus ${february}`);
    await books.corrections.close({
      month: '2026-02',
      by: 'accounting',
      again: false,
      asOf: new Date().toISOString(),
    });
    await books.corrections.state({
      provider: 'openai',
      usd: '-12.5',
      at: '2026-02-20T00:00:00.000Z',
      model: null,
      tags: {},
      reason: 'credit note 17',
      by: 'accounting',
    });
    await books.ledger.drain();
    const { rows: now } = await run(`focus ${february}`);
    expect(now).toContain('credit note 17');
    const { rows: closed } = await run('focus --since 2026-02 --until 2026-03 --as-of closed');
    expect(closed === whenClosed).toBe(true);
  });

  test('--schema describes every column', async () => {
    const { stdout } = await run('focus --schema');
    expect(JSON.parse(stdout)).toMatchObject({
      DataGenerator: 'Farthing',
      Schema: { FocusVersion: '1.2', DataGeneratorVersion: '1.2.3' },
    });
  });

  test.each([
    ['--format parquet', /--out/],
    ['--json', /--out/],
    ['--tags featrue --out x', /tag:<key>/],
    ['--billing-account openai --out x', /provider=id/],
    ['--since never', /Use 1h, 24h/],
  ])('focus %s is a usage error (2) that names the fix', async (words, message) => {
    const { stderr, exitCode } = await run(`focus ${words}`);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  test('a directory that is not there is named, and nothing is left behind', async () => {
    for (const format of ['csv', 'parquet']) {
      const { stderr, exitCode } = await run(
        `focus --format ${format} --out ${directory}/no/focus`,
      );
      expect(stderr).toMatch(/cannot be written/);
      expect(exitCode).toBe(1);
    }
  });
});

test('the API streams the same rows', async () => {
  const response = await books.request(
    '/api/v1/export/focus.csv?since=2026-02-20&until=2026-02-21&tags=feature',
  );
  expect(response.headers.get('content-type')).toContain('text/csv');
  const { rows } = await run('focus --since 2026-02-20 --until 2026-02-21 --tags feature');
  expect(await response.text()).toBe(rows);
  expect((await books.json('/api/v1/export/focus.csv?tags=featrue')).body['error']).toMatchObject({
    field: 'tags',
  });
});

test('farthing export jsonl is the archive: what it writes can be booked elsewhere', async () => {
  const { rows, stderr } = await run(`jsonl ${february}`);
  const lines = rows.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(2000);
  expect(stderr).toContain(`${lines.length.toLocaleString('en-US')} entries`);
  const response = await books.request('/api/v1/export.jsonl?since=2026-02-10&until=2026-03-01');
  expect(await response.text()).toBe(rows);
});

test('without a control plane the journals are read directly', async () => {
  const own = await openTestBooks();
  await own.book([sampleEntry()]);
  await own.ledger.stop();
  await own.store.close();
  let rows = '';
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      rows += chunk.toString();
      done();
    },
  });
  const { stderr } = await runCommand((context) => exportCommand(context, output), 'focus', {
    dataDirectory: own.dataDirectory,
  });
  expect(stderr).toContain('reading its journals directly');
  expect(rows.trimEnd().split('\r\n')).toHaveLength(4);
  rmSync(own.dataDirectory, { recursive: true, force: true });
});
