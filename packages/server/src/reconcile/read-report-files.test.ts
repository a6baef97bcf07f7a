import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PriceBook } from '@farthing/core';
import { afterAll, describe, expect, test } from 'vitest';
import { parseCsv } from './parse-csv.js';
import { readReportFiles, type ReportFiles } from './read-report-files.js';

const directory = mkdtempSync(join(tmpdir(), 'farthing-reports-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let files = 0;
function save(text: string | object, ending = 'json'): string {
  const path = join(directory, `file-${++files}.${ending}`);
  writeFileSync(path, typeof text === 'string' ? text : JSON.stringify(text));
  return path;
}

const read = (changes: Partial<ReportFiles>) =>
  readReportFiles({
    provider: 'openai',
    window: { from: '2026-10-01T08:00:00.000Z', to: '2026-10-02T08:00:00.000Z' },
    usage: [],
    costs: [],
    priceBook: new PriceBook([]),
    now: new Date('2026-10-10T00:00:00.000Z'),
    ...changes,
  });

const page = (start: number, results: object[]) => ({
  object: 'page',
  data: [{ object: 'bucket', start_time: start, end_time: start + 3600, results }],
  has_more: false,
});
const tenOClock = Date.parse('2026-10-01T10:00:00Z') / 1000;

describe("a provider's own JSON", () => {
  test('is one page, a list of pages, or a page a line; the window is widened to whole days', async () => {
    const row = {
      object: 'organization.usage.completions.result',
      input_tokens: 10,
      output_tokens: 2,
      model: 'gpt-x',
    };
    const one = page(tenOClock, [row]);
    for (const text of [
      one,
      [one],
      `${JSON.stringify(one)}\n${JSON.stringify(page(tenOClock + 3600, []))}\n`,
    ]) {
      const report = await read({ usage: [save(text)] });
      expect(report.window).toEqual({
        from: '2026-10-01T00:00:00.000Z',
        to: '2026-10-03T00:00:00.000Z',
      });
      expect(report).toMatchObject({ bucket: 'hour', costs: null });
      expect(report.usage).toMatchObject([
        { at: '2026-10-01T10:00:00.000Z', tokens: { input_uncached: 10, output: 2 } },
      ]);
    }
  });

  test('was fetched when the oldest of its files was saved, unless said otherwise', async () => {
    const usage = save(page(tenOClock, []));
    utimesSync(usage, new Date('2026-10-02T09:00:00Z'), new Date('2026-10-02T09:00:00Z'));
    expect((await read({ usage: [usage] })).fetched_at).toBe('2026-10-02T09:00:00.000Z');
    const told = await read({ usage: [usage], fetchedAt: '2026-10-05' });
    expect(told.fetched_at).toBe('2026-10-05T00:00:00.000Z');
  });
});

describe('a table', () => {
  const csv =
    'day,what,tokens,usd\n2026-10-01,"mega, in",1000,0.5\n2026-10-01,"mega, out",10,0.25\n';
  const mapping = {
    columns: { time: 'day', model: 'what', quantity: 'tokens', cost: 'usd' },
    kinds: { in$: 'input_uncached', out$: 'output' },
    models: { 'Mega, in': 'mega-1', 'Mega, out': 'mega-1' },
  };

  test('is read by a mapping', async () => {
    const report = await read({
      provider: 'acme',
      costs: [save(csv, 'csv')],
      mapping: save(mapping),
    });
    expect(report).toMatchObject({
      provider: 'acme',
      bucket: 'day',
      usage: [
        { model: 'mega-1', tokens: { input_uncached: 1000 } },
        { model: 'mega-1', tokens: { output: 10 } },
      ],
      costs: [{ usd: '0.5' }, { usd: '0.25' }],
      costs_until: '2026-10-02T00:00:00.000Z',
    });
  });

  test('keeps its quotes, line breaks and empty lines in order', () => {
    const rows = [...parseCsv('\uFEFFa,b\r\n"x ""y"", z","1\n2"\r\n\r\n3,\r\n', 'file')];
    expect(rows).toEqual([
      { a: 'x "y", z', b: '1\n2' },
      { a: '3', b: '' },
    ]);
    expect(() => [...parseCsv('a,b\n1,2,3\n', 'file')]).toThrow(
      'file record 2 has 3 fields, its header 2',
    );
  });
});

describe('what is wrong with files is said', () => {
  test.each([
    [
      { usage: ['/nowhere/usage.json'] },
      /Cannot read \/nowhere\/usage\.json: there is no such file/,
    ],
    [{ provider: 'acme', costs: ['x.csv'] }, /files of acme must be said: --format google-billing/],
    [{ costs: ['x.csv'], format: 'excel' }, /"excel" is no format/],
    [{ provider: 'opneai', costs: ['x.csv'] }, /Did you mean "openai"\?$/],
    [
      { costs: [save(page(tenOClock, []))], format: 'focus' },
      /a page of the provider's own API .* Leave out --format and --mapping to read it\.$/,
    ],
    [
      { costs: [save('a\n1', 'csv')], format: 'focus' },
      /there is no column .* The file must be the export that --format or --mapping describes/,
    ],
    [
      { costs: [save(page(tenOClock, []))], fetchedAt: '2026-10-11' },
      /--fetched-at 2026-10-11 lies in the future/,
    ],
  ])('%j', async (changes, message) => {
    await expect(read(changes)).rejects.toThrow(message);
  });

  test.each([
    [{ colums: {} }, /Unrecognized key/],
    [{ columns: { time: 'day', model: 'm' } }, /columns\.cost is missing/],
    [{ extends: 'focus', kinds: { '(': 'output' } }, /kinds\.\(: Invalid regular expression/],
  ])('mapping %j', async (mapping, message) => {
    await expect(read({ costs: [save('a\n1', 'csv')], mapping: save(mapping) })).rejects.toThrow(
      message,
    );
  });
});
