import type { AdjustmentCause } from '../adjust/adjustment.js';
import type { Window } from './query.js';

/** What pricing again changes for the calls of one model, for one cause. Exact decimal USD strings. */
export interface RepriceChange {
  provider: string;
  model: string | null;
  cause: AdjustmentCause;
  calls: number;
  /** Calls among them that had no cost before, and those that have none now. */
  newly_priced: number;
  no_longer_priced: number;
  /** Sums of the known costs of these calls; null where none of them has one. */
  cost_before: string | null;
  cost_after: string | null;
  /** After minus before, an unknown cost counting as nothing. */
  difference: string;
}

/** What `farthing reprice` did, or would do (its `--json` output). */
export interface RepriceSummary {
  dry_run: boolean;
  window: Window;
  /** Calls that were priced again: those of the window that the journals still hold. */
  examined: number;
  changed: number;
  unchanged: number;
  newly_priced: number;
  no_longer_priced: number;
  /** Calls that had no cost before and have none now. */
  still_unpriced: number;
  /** Calls of the window that are in the books and no longer in the journals, so that they cannot be priced again. */
  out_of_retention: number;
  /** Adjusting entries that were booked; 0 in a dry run. */
  booked: number;
  /** Sums of the known costs of all calls examined; null where none of them has one. */
  cost_before: string | null;
  cost_after: string | null;
  difference: string;
  /** The largest differences first. */
  changes: RepriceChange[];
}
