import { useQuery } from '@tanstack/react-query';
import {
  fetchBreakers,
  fetchBudgets,
  fetchDecisions,
  type DecisionChoice,
} from '../api/budgets-contract.js';
import { reportKey } from '../api/refresh.js';

/**
 * Gateways write balances and decisions down every second or two. What is refused is no call of the
 * live stream, so these are asked for by the clock as well.
 */
const askEvery = 2_500;

export const useBudgets = () =>
  useQuery({
    queryKey: [reportKey, 'budgets'],
    queryFn: ({ signal }) => fetchBudgets(signal),
    refetchInterval: askEvery,
  });

export const useBreakers = () =>
  useQuery({
    queryKey: [reportKey, 'breakers'],
    queryFn: ({ signal }) => fetchBreakers(signal),
    refetchInterval: askEvery,
  });

export const useDecisions = (choice: DecisionChoice) =>
  useQuery({
    queryKey: [reportKey, 'decisions', choice],
    queryFn: ({ signal }) => fetchDecisions(choice, signal),
    refetchInterval: askEvery,
    placeholderData: (before) => before,
  });
