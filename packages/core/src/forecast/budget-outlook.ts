import type { AnswerBooks } from '../answer/index.js';
import type { BudgetMeasure } from '../budget/budget.js';
import { formatUsd } from '../money.js';
import type { Query, QueryRow } from '../report/query.js';
import { accountSeries } from './account-series.js';
import { picodollars } from './amounts.js';
import { amountOf, countedBy, dimensionOfScope, measuresOf, takenOf } from './counted-calls.js';
import { dayMilliseconds, hourMilliseconds, iso } from './calendar.js';
import { describeOutlook } from './describe-outlook.js';
import { project } from './project.js';
import { leastDays } from './project-spend.js';
import { firstMinute } from './read-spend.js';
import { quantumOf, roundTo } from './round-together.js';
import { runOutOf, untilEnd, type Steps } from './run-out.js';

/** A budget with its accounts, as the API of budgets states it. */
export interface BudgetToForecast {
  name: string;
  scope: Readonly<Record<string, string>>;
  /** `day`, `rolling day`, `total`. */
  window: string;
  resets_at: string | null;
  paused: boolean;
  accounts: readonly AccountToForecast[];
}

export interface AccountToForecast {
  scope: Readonly<Record<string, string>>;
  measure: BudgetMeasure;
  limit: string;
  spent: string;
  held: string;
  /** (spent + held) ÷ limit. */
  ratio: number;
}

/** Where an account of a budget is going. */
export interface BudgetOutlook extends AccountToForecast {
  budget: string;
  window: string;
  resets_at: string | null;
  paused: boolean;
  /**
   * `used_up` now; `runs_out` before the window ends, as expected; `may_run_out`: not as expected, but
   * within what happens in 80 %; `lasts`; `unknown` where there is nothing to go by.
   */
  outlook: 'used_up' | 'runs_out' | 'may_run_out' | 'lasts' | 'unknown';
  /** A pattern of days or hours; a rate, where it is too young for one; the last minutes (windows of an hour). */
  basis: 'pattern' | 'run_rate' | 'pace' | 'nothing';
  /** When it is expected to be used up; null where it lasts. */
  runs_out_at: string | null;
  /** Between which moments, with 80 % probability; a null end lies beyond the window. */
  runs_out_80: { earliest: string | null; latest: string | null } | null;
  /** How long before the window ends it is used up, milliseconds; null where it lasts, or the window has no end. */
  before_reset_ms: number | null;
  /** What will be spent when a calendar window ends, and within what in 80 %; rounded, as if nothing were refused. */
  at_reset: string | null;
  at_reset_80: { low: string; high: string } | null;
  /** A sentence for people. */
  summary: string;
}

type Books = Pick<AnswerBooks, 'query'>;

/** Of a budget, so many of its fullest accounts; the API has more of them. */
const mostAccounts = 20;
const mostRows = 100_000;

/** What a forecast of a window goes by: the bucket, how far back, and how far ahead where it has no end. */
interface Grain {
  bucket: 'day' | 'hour';
  step: number;
  season: number;
  /** Steps. */
  history: number;
  ahead: number;
}

const days: Grain = { bucket: 'day', step: dayMilliseconds, season: 7, history: 182, ahead: 92 };
const hours: Grain = {
  bucket: 'hour',
  step: hourMilliseconds,
  season: 24,
  history: 336,
  ahead: 48,
};
const grains: Readonly<Record<string, Grain>> = {
  day: hours,
  week: days,
  month: days,
  total: days,
};
/** Steps that a rolling window is long. */
const rollingSteps: Readonly<Record<string, number>> = { day: 24, week: 7, month: 30 };

/** The last minutes that a window of an hour is judged by: it is over before a pattern could be seen. */
const paceMinutes = 15;

/**
 * When each budget will run out, and whether before its window ends: of the accounts that it stands for, the
 * fullest twenty. What the calls that count for an account took by hour or day is projected from now on.
 *
 * @param now ISO 8601
 */
export async function buildBudgetOutlooks(
  books: Books,
  budgets: readonly BudgetToForecast[],
  now: string,
): Promise<BudgetOutlook[]> {
  const all = await Promise.all(budgets.map((budget) => outlooksOf(books, budget, now)));
  return all.flat();
}

async function outlooksOf(
  books: Books,
  budget: BudgetToForecast,
  now: string,
): Promise<BudgetOutlook[]> {
  const accounts = budget.accounts.slice(0, mostAccounts);
  const unit = budget.window.replace('rolling ', '');
  const grain = grains[unit];
  const open = accounts.filter(({ ratio }) => ratio < 1);
  if (open.length === 0 || unit === 'minute') {
    return accounts.map((account) => stated(budget, account, unknown(account), now));
  }
  const rows = await readTaken(books, budget, open, now, grain);
  const begins = grain === undefined ? null : await youngBegin(books, open, rows, now, grain);
  return accounts.map((account) => {
    if (account.ratio >= 1) return stated(budget, account, unknown(account), now);
    const own = rows.filter((row) => isOf(row, account));
    const outlook =
      grain === undefined
        ? byPace(budget, account, own, Date.parse(now))
        : byPattern(budget, account, own, Date.parse(now), grain, begins);
    return stated(budget, account, outlook, now);
  });
}

/** One question for all accounts of a budget. */
async function readTaken(
  books: Books,
  budget: BudgetToForecast,
  accounts: readonly AccountToForecast[],
  now: string,
  grain: Grain | undefined,
): Promise<QueryRow[]> {
  const back = grain === undefined ? paceMinutes * 60_000 : grain.history * grain.step;
  const begins = Date.parse(now) - back;
  const measures = [...new Set(accounts.flatMap(({ measure }) => measuresOf[measure]))];
  const query: Query = {
    measures: [...new Set([...measures, 'calls' as const])],
    dimensions: Object.keys(budget.scope).map(dimensionOfScope),
    filters: countedBy(accounts.map(({ scope }) => scope)),
    window: { from: iso(grain === undefined ? begins : floorTo(begins, grain.step)), to: now },
    limit: mostRows,
    ...(grain === undefined ? {} : { bucket: grain.bucket }),
  };
  return (await books.query(query)).rows;
}

/** When the first call of all came, where it came in the step that runs: a rate counts from there. */
async function youngBegin(
  books: Books,
  accounts: readonly AccountToForecast[],
  rows: readonly QueryRow[],
  now: string,
  { step }: Grain,
): Promise<number | null> {
  const moment = Date.parse(now);
  const begun = floorTo(moment, step);
  if (rows.some((row) => Date.parse(String(row['bucket'])) < begun)) return null;
  return firstMinute(books, countedBy(accounts.map(({ scope }) => scope)), begun, moment);
}

function isOf(row: QueryRow, { scope }: AccountToForecast): boolean {
  return Object.entries(scope).every(
    ([name, value]) => value === '*' || row[dimensionOfScope(name)] === value,
  );
}

type Finding = Pick<
  BudgetOutlook,
  'outlook' | 'basis' | 'runs_out_at' | 'runs_out_80' | 'at_reset' | 'at_reset_80'
>;

function unknown({ ratio }: AccountToForecast): Finding {
  return {
    outlook: ratio >= 1 ? 'used_up' : 'unknown',
    basis: 'nothing',
    runs_out_at: null,
    runs_out_80: null,
    at_reset: null,
    at_reset_80: null,
  };
}

function byPattern(
  budget: BudgetToForecast,
  account: AccountToForecast,
  rows: readonly QueryRow[],
  now: number,
  grain: Grain,
  begins: number | null,
): Finding {
  const { measure } = account;
  const series = accountSeries(rows, now, grain, (row) => takenOf(row, measure), begins);
  if (series === null) return unknown(account);
  const unit = budget.window.replace('rolling ', '');
  const rolling = budget.window === unit ? null : (rollingSteps[unit] ?? null);
  const resets =
    rolling === null && budget.resets_at !== null ? Date.parse(budget.resets_at) : null;
  const begun = floorTo(now, grain.step);
  const count =
    resets === null ? (rolling ?? grain.ahead) : Math.ceil((resets - begun) / grain.step);
  if (count <= 0) return unknown(account);
  const steps: Steps = {
    now,
    firstEnds: begun + grain.step,
    length: grain.step,
    count,
    end: resets ?? Number.POSITIVE_INFINITY,
  };
  const used = amountOf(measure, account.spent) + amountOf(measure, account.held);
  const projection = project(series, count);
  const forgotten = (step: number) => {
    const from = series.values.length - (rolling ?? 0);
    const past = series.values.slice(Math.max(0, from), Math.max(0, from + step + 1));
    return past.reduce((sum, value) => sum + value, 0);
  };
  const { at, earliest, latest } = runOutOf(
    projection,
    amountOf(measure, account.limit) - used,
    steps,
    rolling === null ? undefined : forgotten,
  );
  const end = resets === null ? null : untilEnd(projection, steps);
  const amount = (more: number) => roundedAmount(measure, used + more);
  return {
    outlook: at !== null ? 'runs_out' : earliest !== null ? 'may_run_out' : 'lasts',
    basis:
      series.values.length >= (grain === days ? leastDays : grain.season) ? 'pattern' : 'run_rate',
    runs_out_at: at === null ? null : iso(Math.round(at)),
    runs_out_80:
      earliest === null
        ? null
        : {
            earliest: iso(Math.round(earliest)),
            latest: latest === null ? null : iso(Math.round(latest)),
          },
    at_reset: end === null ? null : amount(end.expected),
    at_reset_80: end === null ? null : { low: amount(end.low), high: amount(end.high) },
  };
}

/** A straight line from the last minutes on. */
function byPace(
  budget: BudgetToForecast,
  account: AccountToForecast,
  rows: readonly QueryRow[],
  now: number,
): Finding {
  const { measure, limit, spent, held } = account;
  const taken = rows.reduce((sum, row) => sum + takenOf(row, measure), 0);
  const rate = taken / (paceMinutes * 60_000);
  const used = amountOf(measure, spent) + amountOf(measure, held);
  const rolling = budget.window.startsWith('rolling ');
  const left = amountOf(measure, limit) - used;
  const resets = rolling || budget.resets_at === null ? null : Date.parse(budget.resets_at);
  const at = rate > 0 ? now + left / rate : null;
  // A rolling window forgets as it goes: it is full only if the pace itself is more than it allows.
  const fills = rolling
    ? rate * hourMilliseconds > amountOf(measure, limit)
    : at !== null && (resets === null || at < resets);
  return {
    outlook: fills ? 'runs_out' : 'lasts',
    basis: 'pace',
    runs_out_at: fills && at !== null ? iso(Math.round(at)) : null,
    runs_out_80: null,
    at_reset:
      resets === null ? null : roundedAmount(measure, used + rate * Math.max(0, resets - now)),
    at_reset_80: null,
  };
}

function stated(
  budget: BudgetToForecast,
  account: AccountToForecast,
  finding: Finding,
  now: string,
): BudgetOutlook {
  const { name, window, resets_at: resets, paused } = budget;
  const rolling = window.startsWith('rolling ');
  const outlook = {
    budget: name,
    window,
    resets_at: resets,
    paused,
    ...account,
    ...finding,
    before_reset_ms:
      finding.runs_out_at === null || resets === null || rolling
        ? null
        : Date.parse(resets) - Date.parse(finding.runs_out_at),
  };
  return { ...outlook, summary: describeOutlook(outlook, now) };
}

/** Money with four significant digits or to the cent, tokens and calls whole. */
function roundedAmount(measure: BudgetMeasure, amount: number): string {
  if (measure !== 'usd') return String(Math.round(amount));
  const exact = picodollars(amount);
  return formatUsd(roundTo(exact, quantumOf(exact)));
}

function floorTo(moment: number, step: number): number {
  return Math.floor(moment / step) * step;
}
