import type { AnswerBooks } from '../answer/index.js';
import type { BudgetMeasure } from '../budget/budget.js';
import { byPace, byPattern, unknown, type Finding } from './account-outlook.js';
import { describeOutlook } from './describe-outlook.js';
import { grainOf, unitOf } from './grain.js';
import { isOf, readTaken, youngBegin } from './read-accounts.js';

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
  const grain = grainOf(budget.window);
  const open = accounts.filter(({ ratio }) => ratio < 1);
  if (open.length === 0 || unitOf(budget.window) === 'minute') {
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
