import { useQuery } from '@tanstack/react-query';
import type { Account, Budget } from '../api/budgets-contract.js';
import { useStatus } from '../api/use-status.js';
import { fetchRecent, latelyWords, lookBackOf, paceOf, type Pace } from './pace.js';

/** A pace over hours does not change in seconds, and each budget asks the ledger for its own. */
const askEvery = 20_000;

/** Where an account is going; null while it is not known, or there is nothing to say. */
export function usePace(
  budget: Budget,
  account: Account,
  now: number,
): { pace: Pace | null; lately: string | null } {
  const { data: status } = useStatus();
  const first = status?.store.first_call_at ?? null;
  const { window } = budget;
  const { data } = useQuery({
    queryKey: ['pace', window, account.measure, account.scope, first],
    queryFn: ({ signal }) =>
      fetchRecent(
        account,
        { window },
        { now: Date.now(), begins: first === null ? null : Date.parse(first) },
        signal,
      ),
    enabled: first !== null && lookBackOf(window) !== null && account.ratio < 1,
    refetchInterval: askEvery,
    staleTime: askEvery,
  });
  if (!data) return { pace: null, lately: null };
  return {
    pace: paceOf(account, budget, data, now),
    lately: latelyWords(window, data.milliseconds),
  };
}
