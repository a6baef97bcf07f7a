import type { Incident } from '@farthing/core';
import type { AlertSinkConfig } from '../../config/index.js';

export type SinkFilter = Pick<AlertSinkConfig, 'severity' | 'causes' | 'groups'>;

/** Whether a sink is to be told of such an incident, by its settings alone. */
export function concerns({ severity, causes, groups }: SinkFilter, incident: Incident): boolean {
  if (!severity.includes(incident.severity)) return false;
  if (causes !== undefined && !causes.includes(incident.cause)) return false;
  if (groups === undefined) return true;
  return groups.some((tags) =>
    Object.entries(tags).every(([tag, value]) => incident.group[tag] === value),
  );
}
