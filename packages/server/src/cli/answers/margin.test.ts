import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MarginReport, StatementsReport } from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../../test-support/run-command.js';
import { userPolicy } from '../../privacy/index.js';
import { openLocalBooks } from '../../processes/local-books.js';
import { sampleEntry } from '../../store/conformance/batches.js';
import { openDuckDbStore } from '../../store/duckdb/index.js';
import { forgetCommand } from '../privacy/forget.js';
import { marginCommand } from './margin.js';
import { statementsCommand } from './statements.js';

const dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-margin-cli-'));
const now = () => new Date('2026-11-03T00:00:00.000Z');
const settings = { dataDirectory, now, privacy: { users: 'pseudonym' as const } };
const file = (name: string, text: string): string => {
  const path = join(dataDirectory, name);
  writeFileSync(path, text);
  return path;
};
let ada = '';

beforeAll(async () => {
  ada = userPolicy('pseudonym', dataDirectory)('ada@example.com')!;
  const books = await openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
  const call = (tags: object, usd: string) =>
    sampleEntry({
      started_at: '2026-10-10T00:00:00.000Z',
      ended_at: '2026-10-10T00:00:01.000Z',
      cost: { usd, status: 'priced', source: 'base', charges: [] },
      tags,
    });
  await books.appendEntries([
    call({ feature: 'search', tenant: 'acme', user: ada }, '20.005'),
    call({ feature: 'chat', tenant: '../<b>Beta & Söhne</b>', user: 'u_0' }, '10.0025'),
    call({ feature: 'search' }, '3'),
  ]);
  await books.bookAll();
  await books.close();
});
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

const october = '--since 2026-10-01 --until 2026-11-01';

describe('farthing margin', () => {
  test('names the users of the file, and keeps their pseudonyms alone', async () => {
    const revenue = file('revenue.csv', 'user,amount,period\r\nada@example.com,9.99,month\r\n');
    const { stdout, exitCode } = await runCommand(
      marginCommand,
      `--revenue ${revenue} --save ${october}`,
      settings,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('1 of 2 users costs $10.02 more than it pays');
    expect(stdout).toMatch(/ada@example\.com .*\$9\.99.*\$20\.0050.*loses/);
    const saved = readFileSync(join(dataDirectory, 'revenue.json'), 'utf8');
    expect(saved).toContain(ada);
    expect(saved).not.toContain('ada@');

    const later = await runCommand(marginCommand, `${october} --json`, settings);
    const report = JSON.parse(later.stdout) as MarginReport;
    expect(report.accounts[0]).toMatchObject({ key: ada, revenue_usd: '9.99', verdict: 'loses' });
  });

  test('a user who is forgotten is forgotten in the saved revenue, too', async () => {
    await runCommand(forgetCommand, '--user ada@example.com --yes', settings);
    expect(readFileSync(join(dataDirectory, 'revenue.json'), 'utf8')).not.toContain(ada);
  });

  test('reads JSON and YAML alike', async () => {
    const json = file('r.json', '[{"tenant": "acme", "amount": 50, "period": "2026-10"}]');
    const yaml = file('r.yaml', 'revenue:\n  - {tenant: acme, amount: "50", period: 2026-10}\n');
    const outputs = [];
    for (const path of [json, yaml]) {
      const { stdout } = await runCommand(marginCommand, `--revenue ${path} ${october}`, settings);
      outputs.push(stdout);
    }
    expect(outputs[0]).toMatch(/acme .*\$50\.00.* earns/);
    expect(outputs[1]).toBe(outputs[0]);
  });

  test.each([
    ['r.csv', 'tenant,amount\nacme,1\nbeta,€5\n', /r\.csv: .*\nrow 3: amount is "€5"/s],
    ['r.json', '{', /r\.json: it is no JSON/],
    ['r.yaml', 'acme: 5', /r\.yaml: it holds no list/],
    ['r.xlsx', '', /r\.xlsx: its name ends in \.xlsx/],
    ['r2.json', '[5]', /row 1: it has no fields/],
  ])('%s that cannot be read is refused with the row and the fix', async (name, text, message) => {
    const path = file(name, text);
    const { stderr, exitCode } = await runCommand(marginCommand, `--revenue ${path}`, settings);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('--save without a file is refused', async () => {
    const { stderr, exitCode } = await runCommand(marginCommand, '--save', settings);
    expect([exitCode, stderr]).toMatchObject([2, expect.stringContaining('--revenue')]);
  });
});

describe('farthing statements', () => {
  const out = join(dataDirectory, 'statements');

  test('writes a CSV and a page for each tenant that add up to the invoice', async () => {
    const { stdout, stderr } = await runCommand(
      statementsCommand,
      `--month 2026-10 --invoice 33.01 --out ${out} --json`,
      settings,
    );
    const report = JSON.parse(stdout) as StatementsReport;
    expect(report.total).toMatchObject({ ledger_usd: '33.0075', billed_usd: '33.01' });
    expect(stderr).toContain(`Wrote 6 files to ${out}`);
    const files = readdirSync(out).sort();
    expect(files).toHaveLength(6);
    expect(files).toEqual(
      expect.arrayContaining(['acme.csv', 'acme.html', 'summary.csv', 'summary.html']),
    );
    expect(existsSync(join(dataDirectory, '<b>Beta'))).toBe(false);

    const rows = (name: string) =>
      readFileSync(join(out, name), 'utf8')
        .trim()
        .split('\r\n')
        .slice(1)
        .map((row) => row.split(','));
    const billed = rows('summary.csv').map((row) => Math.round(Number(row.at(-2)) * 100));
    expect(billed.at(-1)).toBe(3_301);
    expect(billed.slice(0, -1).reduce((a, b) => a + b)).toBe(3_301);
    const acme = rows('acme.csv').map((row) => Math.round(Number(row.at(-1)) * 100));
    expect(acme.slice(0, -1).reduce((a, b) => a + b)).toBe(acme.at(-1));
  });

  test('a page needs nothing else, and names from outside are text in it', () => {
    const name = readdirSync(out).find(
      (each) => each.startsWith('b-beta') && each.endsWith('.html'),
    );
    const html = readFileSync(join(out, name!), 'utf8');
    expect(html).toContain('../&lt;b&gt;Beta &amp; Söhne&lt;/b&gt;');
    expect(html).not.toMatch(/<b>|<script|src=|@import|url\(|https?:/);
    expect(html).toContain('2026-10-01 to 2026-10-31, UTC');
  });

  test('shows them on the screen, of the last whole month by default', async () => {
    const { stdout } = await runCommand(statementsCommand, '--rule none', settings);
    expect(stdout).toContain('Statements by tenant, 2026-10-01 00:00 to 2026-11-01 00:00 UTC');
    expect(stdout).toMatch(/\(unattributed\) +1 /);
    expect(stdout).toMatch(/total +3 .*\$33\.01\n/);
  });

  test.each([
    ['--month 2026-13', /"2026-13" is not a month/],
    ['--rule fair', /rule is one of proportional, equal, calls, none/],
    ['--invoice €5', /invoice takes an amount of dollars like 1234\.56/],
    ['--by tennant', /Unknown dimension "tennant"\. Did you mean "tenant"\?/],
  ])('%s is refused with what would be right', async (flags, message) => {
    const { stderr, exitCode } = await runCommand(statementsCommand, flags, settings);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });
});
