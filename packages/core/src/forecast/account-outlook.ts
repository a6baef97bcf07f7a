import type { BudgetMeasure } from '../budget/budget.js';
import { formatUsd } from '../money.js';
import type { QueryRow } from '../report/query.js';
import { accountSeries } from './account-series.js';
import { picodollars } from './amounts.js';
import type { AccountToForecast, BudgetOutlook, BudgetToForecast } from './budget-outlook.js';
import { hourMilliseconds, iso } from './calendar.js';
import { amountOf, takenOf } from './counted-calls.js';
import { days, floorTo, paceMinutes, rollingLength, type Grain } from './grain.js';
import { project } from './project.js';
import { leastDays } from './project-spend.js';
import { quantumOf, roundTo } from './round-together.js';
import { runOutOf, untilEnd, type Steps } from './run-out.js';

/** What is found out about an account. */
export type Finding = Pick<
  BudgetOutlook,
  'outlook' | 'basis' | 'runs_out_at' | 'runs_out_80' | 'at_reset' | 'at_reset_80'
>;

export function unknown({ ratio }: AccountToForecast): Finding {
  return {
    outlook: ratio >= 1 ? 'used_up' : 'unknown',
    basis: 'nothing',
    runs_out_at: null,
    runs_out_80: null,
    at_reset: null,
    at_reset_80: null,
  };
}

export function byPattern(
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
  const rolling = rollingLength(budget.window);
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
export function byPace(
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

/** Money with four significant digits or to the cent, tokens and calls whole. */
function roundedAmount(measure: BudgetMeasure, amount: number): string {
  if (measure !== 'usd') return String(Math.round(amount));
  const exact = picodollars(amount);
  return formatUsd(roundTo(exact, quantumOf(exact)));
}
