import type { Followed } from './followed-incident.js';
import { recordEvent } from './incident-history.js';
import type { IncidentUpdate } from './incident-update.js';
import { dayLength, hourLength } from './spend-record.js';

/** A run that has not called for so long has ended. */
const runIdle = hourLength / 2;

/** Why it is over; null while it is not. Volume, silence and pace say themselves when they are. */
export function whyOver(known: Followed, now: number): string | null {
  const { incident, seen, quiet, enough } = known;
  const passed = now - seen;
  switch (incident.cause) {
    case 'run':
      return passed > runIdle ? 'the run has not called for half an hour' : null;
    case 'outlier':
      return passed > dayLength ? 'no other call like it for a day' : null;
    case 'rule':
      return passed > dayLength + hourLength ? 'the rule has not fired for a day' : null;
    case 'volume':
    case 'silence':
    case 'budget_pace':
      return null;
    default: {
      const wait = incident.cause === 'creep' ? dayLength + 2 * hourLength : hourLength;
      if (passed > wait && quiet >= enough) {
        return `${quiet} calls since it was last found: it is over, or normal by now`;
      }
      return passed > 7 * dayLength ? 'not found for a week' : null;
    }
  }
}

/** Ends a mute that was for a time. */
export function unmuteInTime(known: Followed, now: number): IncidentUpdate | null {
  const { muted_until: until } = known.incident;
  if (until === null || Date.parse(until) > now) return null;
  known.incident.muted_until = null;
  return recordEvent(known, 'unmuted', 'farthing', now);
}

/** Ends actions that were for a time. */
export function endActions(known: Followed, now: number): IncidentUpdate[] {
  const updates: IncidentUpdate[] = [];
  for (const action of known.incident.actions) {
    if (action.state !== 'in_force' || action.until === null) continue;
    if (Date.parse(action.until) > now) continue;
    action.state = 'ended';
    updates.push(recordEvent(known, 'action', 'farthing', now, `${action.do} has ended`));
  }
  return updates;
}
