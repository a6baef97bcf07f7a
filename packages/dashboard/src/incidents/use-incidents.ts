import { useQuery } from '@tanstack/react-query';
import { fetchAlerts, fetchIncident, fetchIncidents } from '../api/incidents-contract.js';
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

export const useIncident = (id: string) =>
  useQuery({
    queryKey: incidentKeys.one(id),
    queryFn: ({ signal }) => fetchIncident(id, signal),
    refetchInterval: askEvery,
  });

export const useAlerts = () =>
  useQuery({
    queryKey: incidentKeys.alerts,
    queryFn: ({ signal }) => fetchAlerts(signal),
    // While the past is read its progress is worth watching.
    refetchInterval: ({ state }) => (state.data?.state === 'learning' ? 2_000 : askEvery),
  });
