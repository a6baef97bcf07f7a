import type { BudgetOutlook } from '@farthing/core';
import { useQuery } from '@tanstack/react-query';
import type { Account, Budget } from '../api/budgets-contract.js';
import { fetchOutlooks } from '../api/forecast-contract.js';
import { outlookOf } from './outlook.js';

/** A forecast over hours and days does not change in seconds. */
const askEvery = 20_000;

/** Where an account is going; null while it is not known. One question serves all budgets of the page. */
export function useOutlook(budget: Budget, account: Account): BudgetOutlook | null {
  const { data } = useQuery({
    queryKey: ['outlooks'],
    queryFn: ({ signal }) => fetchOutlooks(signal),
    refetchInterval: askEvery,
    staleTime: askEvery,
  });
  return data === undefined ? null : outlookOf(data, budget, account);
}
