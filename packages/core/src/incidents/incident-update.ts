import type { Incident, IncidentEvent } from './incident.js';

/** What became of an incident; `refreshed`: its figures alone, which nobody is told. */
export interface IncidentUpdate {
  what: IncidentEvent['what'] | 'refreshed';
  incident: Incident;
}

/** Where a signal comes from. */
export interface SignalSource {
  key: string;
  group: Record<string, string>;
  provider: string;
  model: string;
  /** The call that made it sure; null where time did. */
  call: string | null;
}
