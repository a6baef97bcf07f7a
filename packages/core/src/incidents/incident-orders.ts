import { FarthingError } from '../errors.js';
import type { Followed } from './followed-incident.js';
import { recordEvent } from './incident-history.js';
import type { IncidentUpdate } from './incident-update.js';
import type { Incident, IncidentAction } from './incident.js';

/** What people order of an incident: `by` says who, `note` why, and times are milliseconds since 1970. */

export function acknowledge(
  known: Followed,
  by: string,
  note: string | undefined,
  now: number,
): IncidentUpdate {
  requireOpen(known.incident, 'acknowledged');
  known.incident.state = 'acknowledged';
  return recordEvent(known, 'acknowledged', by, now, note);
}

export function mute(
  known: Followed,
  until: number,
  by: string,
  note: string | undefined,
  now: number,
): IncidentUpdate {
  requireOpen(known.incident, 'muted');
  known.incident.muted_until = new Date(until).toISOString();
  return recordEvent(known, 'muted', by, now, note);
}

export function unmute(
  known: Followed,
  by: string,
  note: string | undefined,
  now: number,
): IncidentUpdate {
  known.incident.muted_until = null;
  return recordEvent(known, 'unmuted', by, now, note);
}

/** Adds an action, or replaces the one of the same id. */
export function setAction(
  known: Followed,
  action: IncidentAction,
  by: string,
  note: string,
  now: number,
): IncidentUpdate {
  const { actions } = known.incident;
  const index = actions.findIndex(({ id }) => id === action.id);
  if (index < 0) actions.push(action);
  else actions[index] = action;
  return recordEvent(known, 'action', by, now, note);
}

/** @throws FarthingError `invalid_order` where it is resolved already */
export function requireOpen({ id, state }: Incident, wanted: string): void {
  if (state !== 'resolved') return;
  throw new FarthingError(
    'invalid_order',
    `Incident ${id} is resolved: it cannot be ${wanted}. It opens again by itself should it come back.`,
  );
}
