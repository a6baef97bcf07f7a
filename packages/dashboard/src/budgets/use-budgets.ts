import { useQuery } from '@tanstack/react-query';
import {
  fetchBreakers,
  fetchBudgets,
  fetchDecisions,
  type DecisionChoice,
} from '../api/budgets-contract.js';
import { reportKey } from '../api/refresh.js';
import { refusedSince, unaskedSince } from '../decisions/decision-words.js';

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
const justNow = 60_000;

export interface Refusals {
  /** Calls that each budget refused in the last five minutes. */
  counts: ReadonlyMap<string, number>;
  /** Budgets whose balances could not be asked within the last minute. */
  unasked: ReadonlySet<string>;
}

/** What budgets refused lately; nothing where it cannot be told. */
export function useRefusals(): Refusals {
  const { data } = useQuery({
    queryKey: ['refusals'],
    queryFn: async ({ signal }): Promise<Refusals> => {
      const { decisions } = await fetchDecisions(
        { limit: 500, outcome: 'refused', budget: null },
        signal,
      );
      const now = Date.now();
      return {
        counts: refusedSince(decisions, now - lately),
        unasked: unaskedSince(decisions, now - justNow),
      };
    },
    refetchInterval: 2 * readEvery,
  });
  return data ?? none;
}

const none: Refusals = { counts: new Map(), unasked: new Set() };
