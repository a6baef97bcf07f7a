import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { reportKey, reportMoment } from './refresh.js';

export interface Report<Data> {
  data: Data | undefined;
  /** Set when the latest attempt failed; `data` may still hold the figures from before. */
  error: Error | null;
  /** The data belongs to the choice before this one, whose figures are still on their way. */
  outdated: boolean;
  /** When the data came, in milliseconds since 1970. */
  updatedAt: number;
  retry: () => void;
}

/**
 * Figures for what the reader chose. `choice` is all that they depend on besides the time: a refresh
 * keeps it and replaces the figures in place, a new choice shows the old figures dimmed meanwhile.
 */
export function useReport<Data>(
  name: string,
  choice: unknown,
  fetchReport: (now: number, signal: AbortSignal) => Promise<Data>,
  /** What comes first has come: a browser runs six requests at a time. */
  ready = true,
): Report<Data> {
  const query = useQuery({
    queryKey: [reportKey, name, choice],
    queryFn: ({ signal }) => fetchReport(reportMoment(), signal),
    enabled: ready,
    placeholderData: keepPreviousData,
  });
  return {
    data: query.data,
    error: query.error,
    outdated: query.isPlaceholderData,
    updatedAt: query.dataUpdatedAt,
    retry: () => void query.refetch(),
  };
}
