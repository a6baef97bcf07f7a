import { describeMoney } from '../explain/describe-money.js';
import { parseUsd } from '../money.js';
import type { Incident, IncidentCause, IncidentChange } from './incident.js';
import { percentText, timeText } from './incident-words.js';

/** What it costs, as a sentence; empty where it costs nothing more, or that is not known. */
export function describeSize(
  { size, state, run, last_seen_at: last }: Incident,
  now: number,
): string {
  if (size === null) return '';
  const perHour = parseUsd(size.above_usd_per_hour);
  const above = parseUsd(size.above_usd);
  if (perHour <= 0n) {
    if (above <= 0n) return '';
    const total = `${describeMoney(above)} above normal in all`;
    if (run !== null) return `${total}; its last call was at ${timeText(Date.parse(last), now)}.`;
    return state === 'resolved' ? `${total}.` : '';
  }
  const amount = (usd: string) => {
    const value = parseUsd(usd);
    return describeMoney(value < 0n ? 0n : value);
  };
  const soFar = `${describeMoney(perHour)} an hour above normal: ${amount(size.above_usd)} so far, ${amount(size.by_midnight_usd)} by midnight`;
  if (run !== null) return `${soFar} (UTC), should it run for as long again.`;
  if (size.by_month_end_usd === null) return `${soFar} (UTC), should it go on.`;
  return `${soFar} and ${amount(size.by_month_end_usd)} by the end of the month (UTC), should it go on.`;
}

const changed: Readonly<Record<IncidentChange['dimension'], string>> = {
  template_version: 'Template version',
  release: 'Release',
  model: 'Model',
  price: 'The price of',
  agent: 'Agent',
};

/** What changed when it began, as a sentence. */
export function describeChange(change: IncidentChange | null, now: number): string {
  if (change === null) return '';
  const { dimension, from, to, at, share } = change;
  const before = from === null ? '' : ` (before: ${from})`;
  return `${changed[dimension]} ${to} began at ${timeText(Date.parse(at), now)} and has ${percentText(share)} of the calls since${before}.`;
}

const suggestions: Readonly<Record<IncidentCause, string>> = {
  cost: 'Look at the dearest calls, and at what changed when it began.',
  input:
    'Look at where the input comes from (farthing audit): a longer history, more passages, a tool that answers at length.',
  output:
    'Look at what makes the answers longer, or set a limit of output tokens (docs/budgets.md: truncate).',
  unit_price:
    'Look at which model answers, and at its price in the book (farthing price). Where nobody changed either, the provider did.',
  cache:
    'Look at what stands at the top of the prompt and changes from call to call, such as a date or an id (farthing cache).',
  estimate: 'Nothing is wrong with the calls: estimates learn from them within a day.',
  retries: 'Look at the errors of the provider, and limit how often the client tries again.',
  unpriced: 'Give the model a price (farthing prices missing), then book it (farthing reprice).',
  unattributed: 'See who sends calls without tags (farthing untagged).',
  template: 'Look at what the new version changed, or go back to the one before.',
  creep: 'Look at what grows with time: histories that are never cut, indexes that grow.',
  outlier: 'Look at the call when there is time; nothing has to be done now.',
  run: 'Stop the run, then look at its steps (farthing runs).',
  volume:
    'Find out whether more customers or a loop are behind it; a budget limits what it may cost.',
  silence: 'Find out whether it was switched off, or whether its calls go elsewhere.',
  budget_pace: 'Raise the budget for what is left of its window, or slow down who spends it.',
  rule: 'Look at the calls that it names; its thresholds stand in farthing.yaml.',
};

/** What to do about it. */
export function suggestionFor(incident: Pick<Incident, 'cause' | 'change'>): string {
  const { cause, change } = incident;
  const usual = suggestions[cause];
  if (change === null || change.from === null || cause === 'run') return usual;
  const { dimension, from, to } = change;
  if (dimension === 'price') return usual;
  const name = changed[dimension].toLowerCase();
  return `Compare ${name} ${to} with ${from}, and go back if the difference is not meant. ${cause === 'template' ? '' : usual}`.trimEnd();
}
