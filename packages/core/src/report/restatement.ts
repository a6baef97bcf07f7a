import type { AdjustmentCause } from '../adjust/adjustment.js';
import type { QueryRow } from './query.js';

/** The figures of a month: sums over all its calls, as reports give them. */
export interface MonthTotals {
  calls: number;
  unpriced_calls: number;
  /** Null when no call has a known cost. */
  cost: string | null;
  list_cost: string | null;
  tokens_input: number;
  tokens_output: number;
}

/** A month as it was closed: one line of `closings.jsonl`. */
export interface Closing {
  /** `2026-10`, in UTC. */
  month: string;
  /** What was recorded until then, this moment included, is in the figures. */
  as_of: string;
  closed_at: string;
  by: string;
  totals: MonthTotals;
  /** The figures by provider and model, as `farthing report` gave them. */
  rows: QueryRow[];
}

/** Adjustments of one kind that were recorded after the closing. */
export interface RestatedBy {
  cause: AdjustmentCause;
  source: string;
  provider: string;
  model: string | null;
  entries: number;
  cost: string;
}

/** Calls of a closed month that became known after the closing. */
export interface LateCalls {
  source: string;
  provider: string;
  model: string | null;
  calls: number;
  /** How many of them have no known cost. */
  calls_without_cost: number;
  /** Of those that have one, as they were booked; null when none has. */
  cost: string | null;
}

/** How a closed month stands now, and what accounts for the difference. */
export interface Restatement {
  month: string;
  closing: Closing;
  /** The same question asked again as known at the closing. */
  as_closed: MonthTotals;
  /** Whether that answer is the very one that was recorded with the closing. */
  reproduced: boolean;
  as_known_now: MonthTotals;
  known_at: string;
  adjustments: RestatedBy[];
  late: LateCalls[];
  /** Now minus then; unknown costs count as nothing. */
  difference: string;
  adjusted: string;
  arrived_late: string;
  /** Difference minus what adjustments and late calls account for: 0. */
  unexplained: string;
}
