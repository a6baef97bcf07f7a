import type { Filter, Measure, QueryRow, Window } from '@farthing/core';
import { runQuery } from '../api/contract.js';
import { countOf, keyOf, usdOf } from '../api/row.js';
import { basisPoints, parseUsd, sumUsd, toDecimal } from '../money/usd.js';
import { knownAt, type View } from '../view/view.js';
import { previousWindow, windowOf } from '../view/window.js';

const figures: Measure[] = [
  'cost',
  'calls',
  'cost_average',
  'cost_p95',
  'tokens_input',
  'tokens_cache_read',
  'tokens_output',
  'unattributed_cost',
  'unattributed_calls',
  'unpriced_calls',
];

export interface HeadlineReport {
  window: Window;
  /** The window that is compared with. */
  before: Window;
  totals: QueryRow | undefined;
  previous: QueryRow | undefined;
  wasted: Wasted;
}

/** Spend that bought no answer of its own: failed attempts, and attempts that repeated one. */
export interface Wasted {
  usd: string;
  failed: number;
  retries: number;
}

export async function fetchHeadline(
  view: Pick<View, 'window' | 'filters' | 'asOf'>,
  now: number,
  signal: AbortSignal,
): Promise<HeadlineReport> {
  const window = windowOf(view.window, now);
  const before = previousWindow(view.window, now);
  const scope = { filters: view.filters as Filter[], ...knownAt(view) };
  const [totals, previous, outcomes] = await Promise.all([
    runQuery({ measures: figures, window, ...scope }, signal),
    runQuery({ measures: ['cost', 'calls'], window: before, ...scope }, signal),
    runQuery(
      {
        measures: ['cost', 'calls', 'retries', 'retries_cost'],
        dimensions: ['outcome'],
        window,
        ...scope,
      },
      signal,
    ),
  ]);
  return {
    window,
    before,
    totals: totals.rows[0],
    previous: previous.rows[0],
    wasted: wastedOf(outcomes.rows),
  };
}

const failures = new Set<string | null>(['error', 'aborted', 'interrupted']);

/** A failed retry counts once: whole under failures, and not again among the retries that succeeded. */
export function wastedOf(outcomes: readonly QueryRow[]): Wasted {
  const failed = outcomes.filter((row) => failures.has(keyOf(row, 'outcome')));
  const others = outcomes.filter((row) => !failures.has(keyOf(row, 'outcome')));
  const sum = (rows: QueryRow[], measure: string) =>
    rows.reduce((total, row) => total + countOf(row, measure), 0);
  return {
    usd: toDecimal(
      sumUsd([
        ...failed.map((row) => usdOf(row, 'cost')),
        ...others.map((row) => usdOf(row, 'retries_cost')),
      ]),
    ),
    failed: sum(failed, 'calls'),
    retries: sum(others, 'retries'),
  };
}

/** Spend against the window before: a change in hundredths of a percent, or why there is none. */
export type Comparison =
  | { kind: 'change'; basisPoints: number }
  | { kind: 'same' }
  | { kind: 'nothing_before' };

export function compare(current: string | null, before: string | null): Comparison {
  const [now, then] = [parseUsd(current ?? '0'), parseUsd(before ?? '0')];
  const change = basisPoints(now - then, then);
  if (change === null) return { kind: 'nothing_before' };
  return Math.abs(change) < 5 ? { kind: 'same' } : { kind: 'change', basisPoints: change };
}
