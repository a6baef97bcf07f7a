import type { Incident, IncidentList } from '@farthing/core';
import type { QueryClient } from '@tanstack/react-query';

/**
 * Incidents are kept apart from the reports that follow every call: each change of one arrives live and
 * is put in its place, so that two hundred of them are asked for once.
 */
export const incidentKeys = {
  all: ['incidents'] as const,
  active: ['incidents', 'active'] as const,
  resolved: ['incidents', 'resolved'] as const,
  one: (id: string) => ['incidents', 'one', id] as const,
  alerts: ['incidents', 'alerts'] as const,
  restrictions: ['incidents', 'restrictions'] as const,
};

/** A list with the incident as it is now, or without it. An older version changes nothing. */
export function withIncident(
  incidents: readonly Incident[],
  incident: Incident,
  belongs: boolean,
): Incident[] {
  const at = incidents.findIndex(({ id }) => id === incident.id);
  const before = incidents[at];
  if (before !== undefined && before.version > incident.version) return [...incidents];
  const others = at === -1 ? [...incidents] : incidents.toSpliced(at, 1);
  return belongs ? [incident, ...others] : others;
}

/** Puts an incident where the pages read it. */
export function takeIncident(client: QueryClient, incident: Incident): void {
  const isResolved = incident.state === 'resolved';
  const put = (key: readonly unknown[], belongs: boolean) =>
    client.setQueryData<IncidentList>(
      key,
      (list) => list && { ...list, incidents: withIncident(list.incidents, incident, belongs) },
    );
  put(incidentKeys.active, !isResolved);
  put(incidentKeys.resolved, isResolved);
  client.setQueryData<Incident>(incidentKeys.one(incident.id), (before) =>
    before !== undefined && before.version > incident.version ? before : incident,
  );
}
