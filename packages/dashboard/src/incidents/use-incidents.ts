import type { IncidentList } from '@farthing/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  fetchAlerts,
  fetchIncident,
  fetchIncidents,
  fetchRestrictions,
} from '../api/incidents-contract.js';
import { incidentKeys } from './incident-cache.js';

/** What an incident costs grows between the changes that are told live. */
const askEvery = 30_000;

/** Those that are open or acknowledged: for the badge, the overview and the list alike. */
export const useActiveIncidents = () =>
  useQuery({
    queryKey: incidentKeys.active,
    queryFn: ({ signal }) => fetchIncidents('active', signal),
    refetchInterval: askEvery,
  });

export const useResolvedIncidents = () =>
  useQuery({
    queryKey: incidentKeys.resolved,
    queryFn: ({ signal }) => fetchIncidents('resolved', signal),
    refetchInterval: askEvery,
  });

/** One incident; until it comes, as a list has it. */
export function useIncident(id: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: incidentKeys.one(id),
    queryFn: ({ signal }) => fetchIncident(id, signal),
    refetchInterval: askEvery,
    placeholderData: () =>
      [incidentKeys.active, incidentKeys.resolved]
        .flatMap((key) => client.getQueryData<IncidentList>(key)?.incidents ?? [])
        .find((incident) => incident.id === id),
  });
}

export const useAlerts = () =>
  useQuery({
    queryKey: incidentKeys.alerts,
    queryFn: ({ signal }) => fetchAlerts(signal),
    // While the past is read its progress is worth watching.
    refetchInterval: ({ state }) => (state.data?.state === 'learning' ? 2_000 : askEvery),
  });

/** What holds calls back beside budgets, whoever asked for it. */
export const useRestrictions = () =>
  useQuery({
    queryKey: incidentKeys.restrictions,
    queryFn: ({ signal }) => fetchRestrictions(signal),
    refetchInterval: 5_000,
  });
