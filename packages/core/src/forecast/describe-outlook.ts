import { displayUsd } from '../whatif/display-usd.js';
import type { BudgetOutlook } from './budget-outlook.js';

/** An outlook in a sentence. */
export function describeOutlook(outlook: Omit<BudgetOutlook, 'summary'>, now: string): string {
  const { measure, at_reset: end, at_reset_80: between, runs_out_80: range } = outlook;
  const name = nameOf(outlook);
  const until = outlook.window.startsWith('rolling ') ? null : outlook.resets_at;
  const amount = (text: string) => amountWords(measure, text);
  switch (outlook.outlook) {
    case 'used_up':
      return until === null
        ? `${name} is used up.`
        : `${name} is used up until it resets on ${time(until)}.`;
    case 'unknown':
      return outlook.window.endsWith('minute')
        ? `${name} has a window of a minute, which is over before anything could be said.`
        : `Of ${name} nothing can be said: no call that counts for it is in the books.`;
    case 'runs_out': {
      const spread =
        range === null || range.earliest === null
          ? ''
          : range.latest === null
            ? ` (80 %: from ${time(range.earliest)} on)`
            : ` (80 %: ${time(range.earliest)} to ${time(range.latest)})`;
      const early =
        outlook.before_reset_ms === null
          ? ''
          : `, ${span(outlook.before_reset_ms)} before it resets`;
      return `${name} is expected to be used up on ${time(outlook.runs_out_at!)}${spread}${early}.`;
    }
    case 'may_run_out':
      return `${name} is expected to last${ending(until, end, amount)}, but may be used up from ${time(range!.earliest!)} on.`;
    case 'lasts':
      return `${name} lasts${ending(until, end, amount)}${between === null ? '' : ` (80 %: ${amount(between.low)} to ${amount(between.high)})`}${until === null && outlook.resets_at === null ? `, for three months at least from ${now.slice(0, 10)}` : ''}.`;
  }
}

function nameOf({ budget, scope }: Pick<BudgetOutlook, 'budget' | 'scope'>): string {
  const values = Object.entries(scope)
    .filter(([, value]) => value !== '*')
    .map(([dimension, value]) => `${dimension} ${value}`);
  return values.length === 0 ? budget : `${budget} (${values.join(', ')})`;
}

function ending(
  until: string | null,
  end: string | null,
  amount: (text: string) => string,
): string {
  if (until === null || end === null) return '';
  return ` until it resets on ${time(until)}, at ${amount(end)}`;
}

function amountWords(measure: BudgetOutlook['measure'], amount: string): string {
  return measure === 'usd'
    ? displayUsd(amount)
    : `${Number(amount).toLocaleString('en-US')} ${measure}`;
}

const time = (moment: string) => `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;

/** A length of time as people say it: the largest unit that it has two of. */
function span(milliseconds: number): string {
  const minutes = Math.max(1, Math.round(milliseconds / 60_000));
  if (minutes < 120) return `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
