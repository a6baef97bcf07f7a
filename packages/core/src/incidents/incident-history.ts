import { parseUsd } from '../money.js';
import { structuredCopy, type Followed } from './followed-incident.js';
import { muchWorse } from './incident-findings.js';
import type { IncidentUpdate } from './incident-update.js';
import type { Incident, IncidentEvent } from './incident.js';

const mostEvents = 100;
/** Not told more often about the same incident, unless it becomes a page. */
const tellEvery = 30 * 60_000;

/** Writes down what happened to an incident, as a new version of it; `now`: milliseconds since 1970. */
export function recordEvent(
  known: Followed,
  what: Exclude<IncidentUpdate['what'], 'refreshed'>,
  by: string,
  now: number,
  note?: string,
): IncidentUpdate {
  const { incident } = known;
  incident.version += 1;
  incident.updated_at = new Date(now).toISOString();
  const event: IncidentEvent = { at: incident.updated_at, what, by };
  if (note !== undefined) event.note = note;
  incident.history.push(event);
  if (incident.history.length > mostEvents) incident.history.splice(1, 1);
  if (what === 'opened' || what === 'updated' || what === 'reopened') {
    known.toldFactor = incident.factor ?? 1;
    known.toldPerHour = parseUsd(incident.size?.above_usd_per_hour ?? '0');
    known.toldAt = now;
  }
  return { what, incident: structuredCopy(incident) };
}

/** Whether it is so much worse than when people were last told that they are told once more. */
export function isWorse(known: Followed, now: number): boolean {
  if (now - known.toldAt < tellEvery) return false;
  const { factor, size } = known.incident;
  if (factor !== null && factor >= muchWorse * known.toldFactor) return true;
  const perHour = parseUsd(size?.above_usd_per_hour ?? '0');
  return known.toldPerHour > 0n && perHour >= 2n * known.toldPerHour;
}

/** Whether a person has resolved it. */
export const isByHand = ({ history }: Incident) =>
  history.findLast(({ what }) => what === 'resolved')?.by !== 'farthing';
