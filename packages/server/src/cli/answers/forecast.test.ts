import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../../test-support/run-command.js';
import { forecastAnswer, type ForecastAnswer } from '../../answers/index.js';
import type { BudgetAccess, BudgetStatus } from '../../budgets/index.js';
import { openLocalBooks } from '../../processes/local-books.js';
import { sampleEntry } from '../../store/conformance/batches.js';
import { openDuckDbStore } from '../../store/duckdb/index.js';
import type { CliContext } from '../context.js';
import { answerCommand } from './answer-command.js';
import { renderForecast } from './render-forecast.js';

const forecastCommand = (context: CliContext) =>
  answerCommand(context, forecastAnswer, renderForecast);
const dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-forecast-'));
const day = 86_400_000;
const noon = '2026-03-11T12:00:00.000Z';
const now = () => new Date(noon);

/** Ninety days of `search` at four calls a day, and three of `agent`. */
function bookedCalls(): Entry[] {
  const begins = Date.parse('2025-12-11');
  return Array.from({ length: 90 * 4 + 2 }, (_, index) => index).flatMap((index) => {
    const at = begins + Math.floor(index / 4) * day + (index % 4) * (day / 4) + 3_600_000;
    const started = new Date(at).toISOString();
    const call = (feature: string) => sampleEntry({ started_at: started, tags: { feature } });
    return started >= '2026-03-08' ? [call('search'), call('agent')] : [call('search')];
  });
}

beforeAll(async () => {
  const books = await openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
  await books.appendEntries(bookedCalls());
  await books.bookAll();
  await books.close();
});
afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

const run = (flags: string, changes: Partial<CliContext> = {}) =>
  runCommand(forecastCommand, flags, { dataDirectory, now, ...changes });
const json = async (flags: string, changes: Partial<CliContext> = {}) =>
  JSON.parse((await run(`--json ${flags}`, changes)).stdout) as ForecastAnswer;

describe('farthing forecast', () => {
  test('says what the month will have cost, and what its features will', async () => {
    const { stdout, exitCode } = await run('');
    expect(exitCode).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(
      /^March 2026 will take about \$0\.\d+ \(80 %: \$.* to \$.*\), of which/,
    );
    expect(lines[2]).toMatch(/^feature +spent +forecast +80 % +95 % +month before +change +from$/);
    expect(stdout).toMatch(/^search .* 89 days$/m);
    expect(stdout).toMatch(/^agent .* 3 days, a rate$/m);
    expect(stdout).toContain('agent needs 4 days more: a rate so far, no pattern.');
    expect(stdout).toMatch(/^total /m);
  });

  test('--json is the whole answer, with exact spend and points for a chart', async () => {
    const { total, rows, points, budgets, frame } = await json('--by feature');
    const calls = 10 * 4 + 2 + 3 * 4 + 2;
    expect(frame.calls).toBe(calls);
    expect(total.spent_usd).toBe(frame.cost_usd);
    expect(rows.map(({ group }) => group['feature'])).toEqual(
      expect.arrayContaining(['search', 'agent']),
    );
    expect(points.at(-1)!.month_to_date!.expected_usd).toBe(total.forecast_usd);
    expect(budgets).toBeNull();
  });

  test('is a line of days in a terminal, too', async () => {
    const output = {
      write: (text: string) => void (shown += text),
      note: () => {},
      progress: () => {},
      tty: true,
      columns: 100,
      color: false,
    };
    let shown = '';
    await run('', { output });
    expect(shown).toMatch(/^02-11 [▁▂▃▄▅▆▇█]{49} 03-31$/m);
    expect(shown).toContain('└ forecast');
  });

  test('can be asked as it was, and of another month', async () => {
    const { now: moment, total, frame } = await json('--at 2026-02-10 --month 2026-02');
    expect(moment).toBe('2026-02-10T00:00:00.000Z');
    expect(frame.calls).toBe(9 * 4);
    expect(total.spent_usd).toBe(frame.cost_usd);
    const next = await json('--month 2026-04');
    expect(next.total).toMatchObject({ spent_usd: '0', before_usd: null });
    expect((await json('--month 2025-10')).summary).toContain('is over');
  });

  test('refuses what cannot be, and says what would be right', async () => {
    const refused = async (flags: string) => {
      const { stderr, exitCode } = await run(flags);
      expect(exitCode).toBe(2);
      return stderr;
    };
    expect(await refused('--month 2026-13')).toContain('Write it as year and month: 2026-12');
    expect(await refused('--month 2029-01')).toContain('12 months ahead');
    expect(await refused('--at 2027-01-01')).toContain('must not lie in the future');
    expect(await refused('--by featrue')).toContain('Did you mean "feature"?');
  });

  test('of books before their first call, and with a filter that nothing passes, says so', async () => {
    const early = await run('', { now: () => new Date('2025-01-01T00:00:00.000Z') });
    expect(early.stdout).toContain('no call with a known cost in the half year before');
    expect((await run('--filter feature=nobody')).stdout).toContain('only feature=nobody');
  });
});

describe('farthing forecast --budgets', () => {
  test('says when each runs out, and that it lasts where it does', async () => {
    const { total } = await json('');
    const budgets = [budget('tight', total.spent_usd), budget('wide', '1000')];
    const openBudgets = async () =>
      ({ list: async () => ({ budgets }) }) as unknown as BudgetAccess;
    const { budgets: outlooks } = await json('--budgets', { openBudgets });
    expect(outlooks!.map(({ outlook }) => outlook)).toEqual(['runs_out', 'lasts']);
    expect(outlooks![0]!.runs_out_at! > noon).toBe(true);
    const { stdout } = await run('--budgets', { openBudgets });
    expect(stdout).toMatch(/^tight +month +\d+\.\d% .* runs out +2026-03-/m);
    expect(stdout).toContain('before it resets.');
  });

  test('says where there is none to tell of, and that the past keeps none', async () => {
    expect((await run('--budgets')).stdout).toContain('No budget has anything spent');
    expect((await run('--budgets --at 2026-02-01')).stderr).toContain('balances of the past');
  });
});

/** A monthly budget that has 1.2 times this amount. */
function budget(name: string, spent: string): Partial<BudgetStatus> {
  const limit = (Number(spent) * 1.2).toFixed(9);
  return {
    name,
    scope: {},
    window: 'month',
    paused: false,
    resets_at: '2026-04-01T00:00:00.000Z',
    accounts: [
      {
        scope: {},
        measure: 'usd',
        limit: name === 'wide' ? '1000' : limit,
        spent: name === 'wide' ? '1' : spent,
        held: '0',
        ratio: name === 'wide' ? 0.001 : 0.833333,
      },
    ],
  };
}
