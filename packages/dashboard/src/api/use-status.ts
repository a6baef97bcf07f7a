import { useQuery } from '@tanstack/react-query';
import { fetchStatus } from './contract.js';
import { reportKey } from './refresh.js';

/** The control plane's own state. Part of every refresh, and asked for each 5 s besides. */
export const useStatus = () =>
  useQuery({
    queryKey: [reportKey, 'status'],
    queryFn: ({ signal }) => fetchStatus(signal),
    refetchInterval: 5_000,
  });
