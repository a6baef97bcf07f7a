import type {
  Incident,
  IncidentAction,
  IncidentCause,
  IncidentChange,
  IncidentEvent,
  IncidentSize,
} from '@farthing/core';
import { capital, formatUntil, scopeLabel } from '../budgets/budget-words.js';
import type { Tone } from '../controls/badge.js';
import { plural } from '../figures/counts.js';
import { formatClock, formatDay, formatMoment } from '../figures/times.js';
import { formatPico, formatUsd, parseUsd, sumUsd } from '../money/usd.js';

/** Incidents in a reader's words. */

const causes: Record<IncidentCause, string> = {
  cost: 'Cost per call',
  input: 'Input per call',
  output: 'Output per call',
  unit_price: 'Price of tokens',
  cache: 'Cache share',
  estimate: 'Estimates that drift',
  retries: 'Retries',
  unpriced: 'Calls without a price',
  unattributed: 'Unattributed calls',
  template: 'A template switch',
  creep: 'Slow growth',
  outlier: 'A call far dearer than its peers',
  run: 'A runaway run',
  volume: 'Number of calls',
  silence: 'Silence',
  budget_pace: 'Pace of a budget',
  rule: 'A named rule',
};

export const causeWords = (cause: IncidentCause): string =>
  (causes as Partial<Record<string, string>>)[cause] ?? capital(cause.replaceAll('_', ' '));

const beside: readonly IncidentCause[] = [
  'estimate',
  'unpriced',
  'unattributed',
  'outlier',
  'volume',
  'silence',
  'budget_pace',
  'rule',
];

/** Whether what is wrong is what calls cost, so that it has a size. */
export const isAboutCost = (cause: IncidentCause): boolean => !beside.includes(cause);

/**
 * `{ feature: "search" }` → `search`; `{ agent: "helper" }` → `agent helper`; nothing → `Unattributed calls`,
 * of a budget `All calls`.
 */
export function groupName(group: Readonly<Record<string, string>>, cause?: IncidentCause): string {
  const entries = Object.entries(group);
  if (entries.length === 0) return cause === 'budget_pace' ? 'All calls' : 'Unattributed calls';
  return entries
    .map(([name, value]) => (name === 'feature' ? value : `${scopeLabel(name)} ${value}`))
    .join(', ');
}

/** The state that a reader acts on: muted goes before open and acknowledged. */
export function standing(incident: Incident, now: number): { text: string; tone: Tone } {
  if (incident.state === 'resolved') return { text: 'Resolved', tone: 'good' };
  if (isMuted(incident, now))
    return { text: `Muted until ${soon(incident.muted_until!, now)}`, tone: 'calm' };
  if (incident.state === 'acknowledged') return { text: 'Acknowledged', tone: 'warn' };
  return { text: 'Open', tone: incident.severity === 'page' ? 'bad' : 'calm' };
}

export const isMuted = ({ muted_until: until }: Pick<Incident, 'muted_until'>, now: number) =>
  until !== null && Date.parse(until) > now;

/** A page that nobody has taken yet. */
export const isOpenPage = (incident: Incident, now: number): boolean =>
  incident.state === 'open' && incident.severity === 'page' && !isMuted(incident, now);

/** The clock alone where it is within a day of now: `14:05`, else `23 Nov, 14:05`. */
export const soon = (time: string, now: number): string =>
  formatDay(time) === formatDay(now) ? formatClock(time) : formatMoment(time);

const dimensions: Record<IncidentChange['dimension'], string> = {
  template_version: 'template',
  model: 'model',
  release: 'release',
  agent: 'agent',
  price: 'price',
};

/** `template v6 → v7`; `release 2026.11 is new`, where there was none before. */
export function changeWords({ dimension, from, to }: IncidentChange): string {
  const name = dimensions[dimension];
  return from === null ? `${name} ${to} is new` : `${name} ${from} → ${to}`;
}

/** `2.14 ×`; whole from ten on. */
export const factorWords = (factor: number): string =>
  `${factor >= 10 ? Math.round(factor) : factor.toFixed(2)} ×`;

const deeds: Record<IncidentAction['do'], string> = {
  throttle: 'Throttle',
  degrade: 'Degrade',
  break: 'Break',
  stop_run: 'Stop the run',
};
export const deedName = (deed: IncidentAction['do']): string => deeds[deed];

const actionStates: Record<IncidentAction['state'], { text: string; tone: Tone }> = {
  waiting: { text: 'Waits for approval', tone: 'warn' },
  in_force: { text: 'In force', tone: 'bad' },
  ended: { text: 'Ended', tone: 'calm' },
  reverted: { text: 'Reverted', tone: 'calm' },
  declined: { text: 'Declined', tone: 'calm' },
};
export const actionState = (state: IncidentAction['state']) => actionStates[state];

const events: Record<IncidentEvent['what'], string> = {
  opened: 'Opened',
  updated: 'Updated',
  acknowledged: 'Acknowledged',
  muted: 'Muted',
  unmuted: 'Heard again',
  resolved: 'Resolved',
  reopened: 'Opened again',
  action: 'Action',
};
export const eventName = (what: IncidentEvent['what']): string => events[what];

/** `2 pages and 1 record are open, together $4.10 an hour above normal.` */
export function standingSentence(active: readonly Incident[], now: number): string {
  if (active.length === 0) return 'None is open.';
  const open = active.filter((incident) => incident.state === 'open' && !isMuted(incident, now));
  const pages = open.filter(({ severity }) => severity === 'page').length;
  const records = open.length - pages;
  const rest = active.length - open.length;
  const counts = [
    ...(pages > 0 ? [plural(pages, 'page')] : []),
    ...(records > 0 ? [plural(records, 'record')] : []),
  ];
  const taken = `${plural(rest, 'incident')} ${rest === 1 ? 'is' : 'are'} acknowledged or muted`;
  if (open.length === 0) return `Nothing new: ${taken}.`;
  const above = sumUsd(
    open.flatMap(({ size }) => {
      const usd = size?.above_usd_per_hour;
      return usd === undefined || parseUsd(usd) < 0n ? [] : [usd];
    }),
  );
  const together = open.length === 1 ? '' : 'together ';
  const cost = above === 0n ? '' : `, ${together}${formatPico(above)} an hour above normal`;
  return `${counts.join(' and ')} ${open.length === 1 ? 'is' : 'are'} open${cost}.${rest === 0 ? '' : ` ${taken}.`}`;
}

/** `$4.10 an hour above normal`; of what costs nothing more, such as a run that is silent, what it has cost. */
export const aboveWords = ({ above_usd_per_hour: perHour, above_usd: soFar }: IncidentSize) =>
  parseUsd(perHour) === 0n
    ? `${formatUsd(soFar)} above normal so far`
    : `${formatUsd(perHour)} an hour above normal`;

/** How long it lasted: `48 min`, `5 h 10 min`, `3 d 4 h`. */
export const lasted = ({ since, resolved_at: resolved }: Incident): string =>
  resolved === null ? '–' : formatUntil(Date.parse(resolved) - Date.parse(since));
