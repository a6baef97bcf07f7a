import type {
  AlertOverview,
  DryRun,
  Incident,
  IncidentAction,
  IncidentList,
  Restriction,
  SinkTrial,
  StoppedRun,
} from '@farthing/core';
import { change, get } from './http.js';

/** The control plane's routes about incidents as the dashboard uses them. */

const root = '/api/v1/incidents';
const one = (id: string) => `${root}/${encodeURIComponent(id)}`;
/** Who is on record for what is done here. */
const by = 'dashboard';

/** Most that a list holds; there is one incident for a group at a time. */
const most = 500;

/** `active`: open or acknowledged. */
export const fetchIncidents = (
  state: 'active' | 'resolved',
  signal: AbortSignal,
): Promise<IncidentList> =>
  get(`${root}?state=${state}&limit=${state === 'active' ? most : 100}`, signal);

export const fetchIncident = (id: string, signal: AbortSignal): Promise<Incident> =>
  get(one(id), signal);

export const acknowledgeIncident = (id: string): Promise<Incident> =>
  change('POST', `${one(id)}/acknowledge`, { by });

/** `duration`: `8h`, from now. */
export const muteIncident = (id: string, duration: string, note: string): Promise<Incident> =>
  change('POST', `${one(id)}/mute`, { by, until: duration, ...noted(note) });

export const unmuteIncident = (id: string): Promise<Incident> =>
  change('POST', `${one(id)}/unmute`, { by });

export const resolveIncident = (id: string, note: string): Promise<Incident> =>
  change('POST', `${one(id)}/resolve`, { by, ...noted(note) });

export type Deed = IncidentAction['do'];

/** `duration`: `15m`, `1h`. */
export const actOnIncident = (id: string, deed: Deed, duration: string): Promise<Incident> =>
  change('POST', `${one(id)}/actions`, { do: deed, for: duration, by });

export type Decision = 'approve' | 'decline' | 'revert';

export const decideAction = (id: string, action: string, decision: Decision): Promise<Incident> =>
  change('POST', `${one(id)}/actions/${encodeURIComponent(action)}/${decision}`, { by });

/** Detectors and rules in force, groups watched, sinks and actions. */
export const fetchAlerts = (signal: AbortSignal): Promise<AlertOverview> =>
  get('/api/v1/alerts', signal);

/** How often a rule would have fired on what is booked. */
export const tryRule = (rule: string, since: string): Promise<DryRun> =>
  change('POST', '/api/v1/alerts/test', { rule, since });

/** Sends a notice that is marked as a test. */
export const trySink = (name: string): Promise<SinkTrial> =>
  change('POST', `/api/v1/alerts/sinks/${encodeURIComponent(name)}/try`, {});

/** What holds calls back beside budgets. */
export interface RestrictionList {
  restrictions: Restriction[];
  stopped_runs: StoppedRun[];
}

export const fetchRestrictions = (signal: AbortSignal): Promise<RestrictionList> =>
  get('/api/v1/restrictions', signal);

export const liftRestriction = (id: string): Promise<unknown> =>
  change('POST', `/api/v1/restrictions/${encodeURIComponent(id)}/lift`, { by });

/** `cause`: what its callers are told. */
export const stopRun = (
  run: string,
  order: { seconds: number; cause?: string },
): Promise<unknown> =>
  change('POST', `/api/v1/runs/${encodeURIComponent(run)}/stop`, { ...order, by });

export const releaseRun = (run: string): Promise<unknown> =>
  change('POST', `/api/v1/runs/${encodeURIComponent(run)}/release`, { by });

const noted = (note: string) => (note === '' ? {} : { note });
