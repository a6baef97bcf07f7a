import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  formatUsd,
  parseUsd,
  type Entry,
  type Report,
  type RepriceSummary,
  type Restatement,
} from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { sampleEntry } from '../../packages/server/src/store/conformance/batches.js';
import { createMixedCalls } from '../books/mixed-calls.js';
import { Installation } from '../support/farthing-process.js';

const liveCalls = 24;
const mixedCalls = 300;
const importedCalls = 6_000;
let provider: FakeProvider;
let farthing: Installation;

beforeAll(async () => {
  provider = await startFakeProvider({ seed: 'corrections' });
  farthing = await Installation.create(provider.url);
});
afterAll(async () => {
  await farthing.remove();
  await provider.close();
});

/** The month before this one: it can be closed. */
const lastMonth = new Date(Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - 1, 1))
  .toISOString()
  .slice(0, 7);
const thisMonth = `${new Date().toISOString().slice(0, 7)}-01`;
const lastMonthRange = { since: `${lastMonth}-01`, until: thisMonth };
const inLastMonth = ['--since', lastMonthRange.since, '--until', lastMonthRange.until];

async function run<Result>(...words: string[]): Promise<Result> {
  const { code, stdout, stderr } = await farthing.run(...words, '--json');
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Result;
}

/** The command, and the same request over HTTP: a process for every question takes its time. */
const repriceCommand = (...words: string[]) => run<RepriceSummary>('reprice', ...words);
const reprice = async (request: object): Promise<RepriceSummary> =>
  (await (await post('/api/v1/reprice', request)).json()) as RepriceSummary;

async function ask(asOf?: string) {
  const { rows } = await farthing.query({
    measures: ['calls', 'cost', 'unpriced_calls', 'adjustments'],
    ...(asOf === undefined ? {} : { as_of: asOf }),
  });
  return rows[0]!;
}

/** One call through the gateway that no price list knows. */
async function call(model: string): Promise<void> {
  const response = await fetch(`${farthing.gatewayUrl}/openai/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-test', 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'A question of length' }] }),
  });
  await response.text();
  expect(response.status).toBe(200);
}

/** What calls of these tokens cost by the price that is set below: 2 and 8 USD per million. */
function expectedCost(entries: readonly Entry[], input = 2n, output = 8n): string {
  let picodollars = 0n;
  for (const { usage, model } of entries) {
    if (model !== 'house-model-1' || usage === null) continue;
    const { tokens } = usage;
    expect(tokens.cache_read + tokens.cache_write).toBe(0);
    picodollars +=
      (BigInt(tokens.input_uncached) * input + BigInt(tokens.output) * output) * 1_000_000n;
  }
  return formatUsd(picodollars);
}

/** Calls of last month, in the books without a price. */
const imported: Entry[] = Array.from({ length: importedCalls }, (_, index) => {
  const sample = sampleEntry();
  const start = Date.parse(`${lastMonth}-03T00:00:00.000Z`) + index * 60_000;
  return {
    ...sample,
    source: 'import:old',
    started_at: new Date(start).toISOString(),
    ended_at: new Date(start + 1000).toISOString(),
    model: 'house-model-1',
    model_requested: 'house-model-1',
    usage: {
      ...sample.usage!,
      tokens: { ...sample.usage!.tokens, input_uncached: 100 + index, cache_read: 0, output: 7 },
      details: {},
    },
    cost: { usd: null, status: 'unknown_model', reason: 'no price', charges: [] },
  };
});

/** Tries until the running control plane has seen the price that a command has set. */
async function untilPriced(since: string): Promise<RepriceSummary> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const summary = await reprice({ since, dry_run: true });
    if (summary.newly_priced > 0) return summary;
    await pause(100);
  }
  throw new Error('the control plane does not see the price');
}

describe('a model without a price', () => {
  let before: Awaited<ReturnType<typeof ask>>;
  let known = '';
  let expected = '';

  test('leaves its calls waiting, counted and not summed', async () => {
    await farthing.start('up');
    for (let index = 0; index < liveCalls; index++) await call('house-model-1');
    for (let index = 0; index < 4; index++) await call('gpt-5-mini');
    await farthing.untilBooked();
    before = await ask();
    known = new Date().toISOString();
    expect(before).toMatchObject({ calls: liveCalls + 4, unpriced_calls: liveCalls });
    expected = expectedCost(await farthing.entries());
  });

  test('is priced: a dry run shows what its calls cost, and books nothing', async () => {
    const { code } = await farthing.run(
      ...'prices set --provider openai --model house-model-1'.split(' '),
      ...'--input 2 --output 8 --from always'.split(' '),
    );
    expect(code).toBe(0);
    await untilPriced('1h');
    const shown = await repriceCommand('--since', '1h', '--dry-run');
    expect(shown).toMatchObject({
      examined: liveCalls + 4,
      newly_priced: liveCalls,
      booked: 0,
      difference: expected,
    });
    expect(await ask()).toEqual(before);
  });

  test('then costs that in every report, once', async () => {
    expect(await repriceCommand('--since', '1h')).toMatchObject({
      changed: liveCalls,
      booked: liveCalls,
      difference: expected,
    });
    const total = formatUsd(parseUsd(String(before['cost'])) + parseUsd(expected));
    const after = {
      calls: liveCalls + 4,
      cost: total,
      unpriced_calls: 0,
      adjustments: liveCalls,
    };
    expect(await ask()).toEqual(after);
    expect(await reprice({ since: '1h' })).toMatchObject({ changed: 0, booked: 0 });
    expect(await ask()).toEqual(after);
    const report = await run<Report>('report', '--by', 'model');
    expect(report.totals).toMatchObject({ cost: total, unpriced_calls: 0 });
  });

  test('is as it was in a report as known before', async () => {
    expect(await ask(known)).toEqual(before);
    const report = await run<Report>('report', '--by', 'model', '--as-of', known);
    expect(report.rows.find(({ model }) => model === 'house-model-1')).toMatchObject({
      cost: null,
      calls: liveCalls,
    });
  });
});

test('what the gateway booked is priced again as it was: nothing changes, read again or not', async () => {
  const send = createMixedCalls(farthing.gatewayUrl);
  for (let index = 0; index < mixedCalls; index++) await send(index);
  await farthing.untilBooked();
  await reprice({ since: '1h', model: 'house-model-1' });
  const before = await ask();
  expect(before['calls']).toBe(liveCalls + 4 + mixedCalls);
  expect(await reprice({ since: '1h' })).toMatchObject({
    examined: before['calls'],
    changed: 0,
    out_of_retention: 0,
  });
  expect(await reprice({ since: '1h', reread: true })).toMatchObject({ changed: 0 });
  expect(await ask()).toEqual(before);
});

describe('a closed month', () => {
  test('is closed, corrected, and restated to the picodollar', async () => {
    await post('/api/v1/entries', imported.slice(0, 40));
    await farthing.untilBooked();
    const then = await run<Report>('report', '--by', 'model', ...inLastMonth);
    await run('close', lastMonth, '--by', 'ada');

    await reprice({ ...lastMonthRange, why: 'the price came late' });
    await run(
      'adjust',
      ...`--amount -0.5 --provider openai --at ${lastMonth}-28`.split(' '),
      '--why',
      'credit note 17',
    );
    await post('/api/v1/entries', [sampleLate()]);
    await farthing.untilBooked();

    const closed = await run<Report>(
      'report',
      '--by',
      'model',
      ...inLastMonth,
      '--as-of',
      'closed',
    );
    expect(JSON.stringify(closed.rows)).toBe(JSON.stringify(then.rows));
    expect(JSON.stringify(closed.totals)).toBe(JSON.stringify(then.totals));

    const repriced = expectedCost(imported.slice(0, 40));
    const restatement = await run<Restatement>('restatement', lastMonth);
    expect(restatement).toMatchObject({
      reproduced: true,
      as_closed: { calls: 40, unpriced_calls: 40, cost: null },
      as_known_now: { calls: 41, unpriced_calls: 0 },
      adjusted: formatUsd(parseUsd(repriced) - parseUsd('0.5')),
      arrived_late: '0.001875',
      unexplained: '0',
    });
    const { code, stdout } = await farthing.run('restatement', lastMonth);
    expect(code).toBe(0);
    expect(stdout).toContain('adjusted: manual');
    expect(stdout).toContain('$0.001875');
  });

  test('refuses to be closed twice by mistake', async () => {
    const { code, stderr } = await farthing.run('close', lastMonth);
    expect(code).toBe(1);
    expect(stderr).toContain('--again');
    const lines = readFileSync(join(farthing.dataDirectory, 'closings.jsonl'), 'utf8');
    expect(lines.trim().split('\n')).toHaveLength(1);
  });
});

test('a control plane killed while it prices again loses, repeats and tears nothing', async () => {
  await farthing.stopAll();
  let ledger = await farthing.start('ledger');
  for (let start = 40; start < importedCalls; start += 1000) {
    await post('/api/v1/entries', imported.slice(start, start + 1000));
  }
  await farthing.untilBooked();
  const before = await ask();
  for (const lines of [1, 2]) {
    await firstLines(lines);
    await farthing.kill(ledger, 'SIGKILL');
    ledger = await farthing.start('ledger');
  }
  const last = await reprice(lastMonthRange);
  expect(last.examined).toBe(importedCalls + 1);
  expect(last.changed).toBeGreaterThan(0);
  expect(last.changed).toBeLessThan(importedCalls - 40);
  const after = await ask();
  const added = parseUsd(String(after['cost'])) - parseUsd(String(before['cost']));
  expect(formatUsd(added)).toBe(expectedCost(imported.slice(40)));
  expect(after).toMatchObject({ calls: before['calls'], unpriced_calls: 0 });
  expect(Number(after['adjustments']) - Number(before['adjustments'])).toBe(importedCalls - 40);
  expect(await reprice(lastMonthRange)).toMatchObject({ changed: 0, booked: 0 });
});

test('without a control plane, the commands open the books themselves', async () => {
  await farthing.stopAll();
  expect(await repriceCommand(...inLastMonth)).toMatchObject({
    examined: importedCalls + 1,
    changed: 0,
  });
  const restatement = await run<Restatement>('restatement', lastMonth);
  expect(restatement).toMatchObject({ reproduced: true, unexplained: '0' });
  const { stderr, code } = await farthing.run('close', '2999-01');
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('not over') });
});

function sampleLate(): Entry {
  return sampleEntry({
    started_at: `${lastMonth}-05T00:00:00.000Z`,
    ended_at: `${lastMonth}-05T00:00:01.000Z`,
    source: 'import:late',
  });
}

async function post(path: string, body: unknown): Promise<Response> {
  const response = await fetch(farthing.controlUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return response;
}

/** Begins to price again and returns when so many lines of progress have come. */
async function firstLines(count: number): Promise<void> {
  const response = await fetch(`${farthing.controlUrl}/api/v1/reprice`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
    body: JSON.stringify(lastMonthRange),
  });
  let lines = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    lines += chunk.filter((byte) => byte === 0x0a).length;
    if (lines >= count) return;
  }
}
