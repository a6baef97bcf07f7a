import type { BudgetMeasure, Dimension, Filter, Query } from '@farthing/core';
import { runQuery } from '../api/contract.js';
import type { Account, Budget } from '../api/budgets-contract.js';
import { countOf, usdOf } from '../api/row.js';
import { parseUsd, toDecimal } from '../money/usd.js';
import { aboutTime, isRolling, unitOf } from './budget-words.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How far the pace looks back, by the unit of the window; a minute is over before it could be said. */
const lookBacks: Record<string, { milliseconds: number; words: string }> = {
  hour: { milliseconds: 15 * minute, words: 'last 15 minutes' },
  day: { milliseconds: 3 * hour, words: 'last 3 hours' },
  week: { milliseconds: day, words: 'last 24 hours' },
  month: { milliseconds: 3 * day, words: 'last 3 days' },
  total: { milliseconds: 7 * day, words: 'last 7 days' },
};

const lengths: Record<string, number> = { hour, day, week: 7 * day, month: 30 * day };

export const lookBackOf = (window: string) => lookBacks[unitOf(window)] ?? null;

/** The time that a pace is taken from: what the window asks for, or as long as the books go back. */
export function latelyWords(window: string, milliseconds: number): string | null {
  const lookBack = lookBackOf(window);
  if (lookBack === null) return null;
  if (milliseconds >= 0.95 * lookBack.milliseconds) return lookBack.words;
  return `last ${aboutTime(milliseconds).replace(/^a /, '')}`;
}

/** What an account took lately: picodollars, tokens or calls in so many milliseconds. */
export interface Recent {
  taken: bigint;
  milliseconds: number;
}

export type Pace =
  | { kind: 'nothing' }
  /** It fits: where a calendar window will end, or what a rolling one comes to. */
  | { kind: 'fits'; amount: string; share: number }
  /** It is used up after so many milliseconds; `before` the reset, null where there is none. */
  | { kind: 'full'; after: number; before: number | null };

/** How much of the gauge a pace fills: nothing where it fills it at some time, but at no end. */
export function paceShare(pace: Pace | null): number | null {
  if (pace?.kind === 'fits') return pace.share;
  return pace?.kind === 'full' && pace.before !== null ? 1 : null;
}

const atoms = (measure: BudgetMeasure, amount: string): bigint =>
  measure === 'usd' ? parseUsd(amount) : BigInt(amount);
const written = (measure: BudgetMeasure, amount: bigint): string =>
  measure === 'usd' ? toDecimal(amount) : amount.toString();

/**
 * Where an account will be if calls go on as they lately did: a straight line, no forecast. Null when
 * it is full already, for then it is not the pace that decides.
 */
export function paceOf(
  { measure, limit, spent, held }: Account,
  { window, resets_at: resets }: Pick<Budget, 'window' | 'resets_at'>,
  { taken, milliseconds }: Recent,
  now: number,
): Pace | null {
  const [whole, used] = [atoms(measure, limit), atoms(measure, spent) + atoms(measure, held)];
  if (whole <= 0n || used >= whole || milliseconds <= 0) return null;
  if (taken <= 0n) return { kind: 'nothing' };
  const per = BigInt(Math.round(milliseconds));
  const after = Number(((whole - used) * per) / taken);
  if (isRolling(window)) {
    const length = lengths[unitOf(window)];
    if (length === undefined) return null;
    const settles = (taken * BigInt(length)) / per;
    // It forgets as it goes, so it is full only if the pace itself is more than the limit allows.
    return settles > whole
      ? { kind: 'full', after, before: null }
      : { kind: 'fits', amount: written(measure, settles), share: share(settles, whole) };
  }
  if (resets === null) return { kind: 'full', after, before: null };
  const left = Math.max(0, Date.parse(resets) - now);
  if (after < left) return { kind: 'full', after, before: left - after };
  const end = used + (taken * BigInt(Math.round(left))) / per;
  return { kind: 'fits', amount: written(measure, end), share: share(end, whole) };
}

const share = (part: bigint, whole: bigint) => Number((part * 10_000n) / whole) / 10_000;

/** Filters for the calls that count for an account: those of gateways and of the SDK. */
export function countedBy({ scope }: Pick<Account, 'scope'>): Filter[] {
  return [
    { dimension: 'source', op: 'in', values: ['gateway', 'sdk'] },
    ...Object.entries(scope)
      .filter(([, value]) => value !== '*')
      .map(([name, value]): Filter => {
        const dimension = names[name] ?? (name as Dimension);
        return { dimension, op: 'in', values: [value] };
      }),
  ];
}

/** A scope's model is the one that is asked for; the name of a key stands in a tag. */
const names: Record<string, Dimension> = { model: 'model_requested', key: 'tag:key' };

const measuresOf: Record<BudgetMeasure, Query['measures']> = {
  usd: ['cost'],
  tokens: ['tokens_input', 'tokens_output'],
  calls: ['calls'],
};

/** What an account took in the time that the pace looks back on; null where it has none. */
export async function fetchRecent(
  account: Account,
  { window }: Pick<Budget, 'window'>,
  /** Milliseconds since 1970; the books may begin later than the look back does. */
  { now, begins }: { now: number; begins: number | null },
  signal: AbortSignal,
): Promise<Recent | null> {
  const lookBack = lookBackOf(window);
  if (lookBack === null) return null;
  const from = Math.max(now - lookBack.milliseconds, begins ?? 0);
  if (from >= now) return null;
  const measures = measuresOf[account.measure];
  const { rows } = await runQuery(
    {
      measures,
      filters: countedBy(account),
      window: { from: new Date(from).toISOString(), to: new Date(now).toISOString() },
    },
    signal,
  );
  const taken =
    account.measure === 'usd'
      ? parseUsd(usdOf(rows[0], 'cost') ?? '0')
      : BigInt(measures.reduce((sum, measure) => sum + countOf(rows[0], measure), 0));
  return { taken, milliseconds: now - from };
}
