import type { BudgetList, BudgetStatus, RestrictionList } from '../../budgets/index.js';
import type { CliOutput } from '../context.js';
import { displayCount, displayPercent, displayTime, displayUsd } from '../output/display.js';
import { bar, printable, renderTable } from '../output/table.js';
import { renderRestrictions } from './render-restrictions.js';

const barLength = 10;
/** Accounts of a budget for each of its own that are shown beside all others. */
const fewAccounts = 3;

type Account = BudgetStatus['accounts'][number];

interface Row {
  budget: string;
  account: Account | null;
  status: BudgetStatus;
}

/** Without restrictions where one budget is shown; a control plane of an earlier version names none. */
type ShownBudgets = Omit<BudgetList, keyof RestrictionList> & Partial<RestrictionList>;

/** Budgets as a table: a line for each account, the fullest first. */
export function renderBudgets(list: ShownBudgets, output: CliOutput, all: boolean): string {
  const { restrictions = [], stopped_runs: stopped = [] } = list;
  const isFree = restrictions.length + stopped.length === 0;
  const others = isFree
    ? ''
    : `\n${renderRestrictions({ restrictions, stopped_runs: stopped }, output)}`;
  return `${budgetsTable(list, output, all)}${others}`;
}

function budgetsTable(list: ShownBudgets, output: CliOutput, all: boolean): string {
  if (list.budgets.length === 0) {
    return 'There are no budgets. Write them under `budgets:` in farthing.yaml, or set one: farthing budgets set team --limit 100 --window month\n';
  }
  const rows = list.budgets.flatMap((status) => rowsOf(status, all));
  const cells = (cell: (row: Row) => string) => rows.map(cell);
  const left = (header: string, cell: (row: Row) => string) =>
    ({ header, align: 'left', cells: cells(cell) }) as const;
  const right = (header: string, cell: (row: Row) => string) =>
    ({ header, align: 'right', cells: cells(cell) }) as const;
  const table = renderTable(
    [
      left('budget', ({ budget }) => budget),
      left('scope', ({ account, status }) => scopeText(account?.scope ?? status.scope)),
      left('window', ({ status }) => status.window),
      right('spent', ({ account }) => amountText(account?.spent, account)),
      right('held', ({ account }) => amountText(account?.held, account)),
      right('limit', (row) => limitText(row)),
      right('used', ({ account }) => (account === null ? '–' : displayPercent(account.ratio))),
      ...(output.tty
        ? [left('', ({ account }) => bar(Math.min(account?.ratio ?? 0, 1), barLength))]
        : []),
      left('resets (UTC)', ({ status }) => resetText(status)),
      left('then', ({ status }) => thenText(status)),
    ],
    output,
  );
  const more = list.budgets
    .filter(({ account_count: count }) => !all && count > fewAccounts)
    .map(
      ({ name, account_count: count }) =>
        `${printable(name)}: ${displayCount(count)} accounts; more with: farthing budgets show "${printable(name)}"`,
    );
  const raised = list.budgets.flatMap(({ name, raised: whole, raised_accounts: accounts }) => [
    ...(whole === null ? [] : [raisedText(name, whole)]),
    ...accounts.map((one) => raisedText(`${name}, ${scopeText(one.scope)}`, one)),
  ]);
  const source = list.live
    ? `As the gateway has it, ${displayTime(list.as_of, 'UTC')} UTC${list.shared ? '; balances are shared through Redis' : ''}.`
    : 'No gateway runs: from its last balances and the journals.';
  return `${table}${[...more, ...raised, source].join('\n')}\n`;
}

function raisedText(name: string, { by, until }: NonNullable<BudgetStatus['raised']>): string {
  const end = until === null ? '' : ` until ${displayTime(until, 'UTC', 'minute')}`;
  return `${printable(name)} is raised by ${printable(by)}${end}`;
}

function rowsOf(status: BudgetStatus, all: boolean): Row[] {
  const accounts = all ? status.accounts : status.accounts.slice(0, fewAccounts);
  if (accounts.length === 0) return [{ budget: printable(status.name), account: null, status }];
  return accounts.map((account) => ({ budget: printable(status.name), account, status }));
}

function scopeText(scope: Record<string, string>): string {
  const pairs = Object.entries(scope).map(([dimension, value]) => `${dimension}=${value}`);
  return pairs.length === 0 ? 'all calls' : printable(pairs.join(' '));
}

function amountText(amount: string | undefined, account: Account | null): string {
  if (amount === undefined || account === null) return '–';
  return account.measure === 'usd' ? displayUsd(amount) : displayCount(BigInt(amount));
}

function limitText({ account, status }: Row): string {
  if (account !== null) return withMeasure(account.measure, account.limit);
  const limits = Object.entries(status.limit).map(([measure, limit]) =>
    withMeasure(measure, limit ?? '0'),
  );
  return limits.length === 0 ? 'per call' : limits.join(', ');
}

function withMeasure(measure: string, amount: string): string {
  return measure === 'usd' ? displayUsd(amount) : `${displayCount(BigInt(amount))} ${measure}`;
}

/** A rolling window never begins anew: it forgets part by part. */
function resetText({ window, resets_at: time }: BudgetStatus): string {
  if (time === null) return 'never';
  return window.startsWith('rolling') ? 'rolling' : displayTime(time, 'UTC', 'minute');
}

function thenText({ paused, actions, call }: BudgetStatus): string {
  if (paused) return 'paused';
  const caps = Object.entries(call).map(
    ([name, amount]) => `${name} ${typeof amount === 'string' ? `$${amount}` : amount}`,
  );
  return `${actions.join(', ')}${caps.length === 0 ? '' : `; a call: ${caps.join(', ')}`}`;
}
