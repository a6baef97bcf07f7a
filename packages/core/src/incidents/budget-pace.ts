import type { BudgetOutlook } from '../forecast/index.js';
import type { Found } from './group-watch.js';
import type { SignalSource } from './incident-update.js';
import { timesText } from './incident-words.js';

const minute = 60_000;
/** Of a window that is nearly over, a little too much is no news. */
const leastShareLeft = 0.1;
/** Before a tenth is spent there is more guess than pace in it. */
const leastSpent = 0.1;
/**
 * Of what is not yet a pattern only a rate is known, and a rate is drawn out no further than it has been seen:
 * that is when as much has been spent at it as is left. Whatever is used up passes it before.
 */
const leastSpentAtRate = 0.5;

/** Whether an account is too fast, as far as its outlook can say; null where that is not sure either way. */
export type Pace = TooFast | { state: 'lasts' };

interface TooFast {
  state: 'too_fast';
  /** Enough to wake somebody. */
  isSure: boolean;
  found: Found;
  source: SignalSource;
}

/** Accounts are told apart by budget, scope and measure: `usd` and `calls` of one budget run out apart. */
export function paceKey({ budget, scope, measure }: BudgetOutlook): string {
  return ['budget', budget, ...Object.entries(scope).flat(), measure].join('\u001f');
}

/**
 * Judges the pace of a budget by its outlook: too fast is what will be used up, with 90 in 100 (the whole of
 * the 80 % range lies before the end), in less than nine tenths of what is left of its window. Volume alone
 * pages by this: more calls are no fault, but spending what was meant for the month is a matter for somebody. While the forecast
 * has no pattern of days or hours, which no new budget has, it is sure only once half is spent.
 *
 * @param now milliseconds since 1970
 */
export function judgePace(outlook: BudgetOutlook, now: number): Pace | null {
  const { outlook: where, window, resets_at: resets, paused, runs_out_at: end } = outlook;
  if (paused || where === 'lasts') return { state: 'lasts' };
  // Windows without an end of their own, or of minutes, have no pace that anybody could heed.
  if (resets === null || window.startsWith('rolling ') || window.endsWith('minute')) return null;
  const reset = Date.parse(resets);
  if (where !== 'runs_out' || end === null || outlook.runs_out_80?.latest == null) return null;
  if (outlook.ratio < leastSpent) return null;
  const left = reset - now;
  const lasts = Date.parse(end) - now;
  if (left < 10 * minute || lasts > left * (1 - leastShareLeft)) return null;
  const isSure = outlook.basis === 'pattern' || outlook.ratio >= leastSpentAtRate;
  const factor = left / Math.max(lasts, minute);
  const found: Found = {
    cause: 'budget_pace',
    rule: null,
    run: null,
    template: null,
    at: now,
    since: now,
    factor,
    calls: 0,
    title: `${named(outlook)} is spent ${timesText(factor)} as fast as its window allows`,
    text: isSure ? outlook.summary : `${outlook.summary} ${notSure}`,
  };
  const source: SignalSource = {
    key: paceKey(outlook),
    group: group(outlook),
    provider: '',
    model: '',
    call: null,
  };
  return { state: 'too_fast', isSure, found, source };
}

const notSure =
  'This goes by a rate, as there is no pattern yet: it is not sure before half is spent.';

function named({ budget, scope }: BudgetOutlook): string {
  const values = Object.values(scope).filter((value) => value !== '*');
  return values.length === 0 ? budget : `${budget} (${values.join(', ')})`;
}

function group({ scope }: BudgetOutlook): Record<string, string> {
  return Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== '*'));
}
