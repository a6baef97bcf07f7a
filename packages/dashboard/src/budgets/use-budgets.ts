import { useQuery } from '@tanstack/react-query';
import {
  fetchBreakers,
  fetchBudgets,
  fetchDecisions,
  type DecisionChoice,
} from '../api/budgets-contract.js';
import { reportKey } from '../api/refresh.js';
import { refusedSince } from '../decisions/decision-words.js';

/**
 * Gateways write balances and decisions down every second or two. What is refused is no call of the
 * live stream, so these are asked for by the clock as well.
 */
const askEvery = 2_500;

/** Decisions are read from a file on every question. */
const readEvery = 3_000;

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
    refetchInterval: readEvery,
    placeholderData: (before) => before,
  });

const lately = 5 * 60_000;

/** How many calls each budget refused in the last five minutes; none where it cannot be told. */
export function useRefusals(): ReadonlyMap<string, number> {
  const { data } = useQuery({
    queryKey: ['refusals'],
    queryFn: async ({ signal }) =>
      refusedSince(
        (await fetchDecisions({ limit: 500, outcome: 'refused', budget: null }, signal)).decisions,
        Date.now() - lately,
      ),
    refetchInterval: 2 * readEvery,
  });
  return data ?? none;
}

const none: ReadonlyMap<string, number> = new Map();
