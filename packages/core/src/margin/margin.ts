import type { Filter, Window } from '../report/query.js';
import type { RevenueFor } from './revenue.js';

export interface MarginRequest {
  window: Window;
  /** Whose margin; default: that of tenants if the revenue names any, else of users, else of plans. */
  by?: RevenueFor;
  filters?: Filter[];
  /** Most accounts that are shown, those that lose most first; default 100. */
  limit?: number;
  /** ISO 8601. */
  now: string;
}

/** `loses`: it costs more than it pays. `no_revenue`: it costs, and nothing says that it pays. */
export type MarginVerdict = 'earns' | 'loses' | 'no_revenue' | 'unused' | 'unknown';

export interface MarginFigures {
  revenue_usd: string;
  /** Null when no call has a known cost. */
  cost_usd: string | null;
  /** Revenue − cost. */
  margin_usd: string | null;
  /** Of the revenue: 0.2 is 20 %, −0.5 is a loss of half of it; null without revenue. */
  margin_share: number | null;
  /**
   * How many times its present usage it could have at this cost a call before it cost what it pays;
   * below 1 where it loses. Null without cost, or without revenue.
   */
  break_even_usage: number | null;
}

export interface MarginRow extends MarginFigures {
  key: string;
  plan: string | null;
  calls: number;
  unpriced_calls: number;
  /** So many calls at the average cost of its own are paid for by what it pays. */
  break_even_calls: number | null;
  verdict: MarginVerdict;
}

export interface PlanMargin extends MarginFigures {
  /** Null: of accounts whose plan is not known. */
  plan: string | null;
  accounts: number;
  losing_accounts: number;
  /** What these lose together, above 0. */
  lost_usd: string;
}

export interface MarginReport {
  summary: string;
  by: RevenueFor;
  total: MarginFigures & {
    accounts: number;
    losing_accounts: number;
    lost_usd: string;
    /** Accounts that cost something and for which there is no revenue, and what they cost. */
    accounts_without_revenue: number;
    cost_without_revenue_usd: string;
    /** Accounts that pay and made no call, and what they pay. */
    unused_accounts: number;
    unused_revenue_usd: string;
    /** Cost of calls that name no account: in the total, and in no row. */
    unattributed_usd: string;
  };
  plans: PlanMargin[];
  /** Those that lose most first. */
  accounts: MarginRow[];
  truncated: boolean;
}
