import type { Dimension } from './query.js';

/**
 * An amount for each group of calls; what costs more than its group's amount is asked for. Calls of
 * groups that are not listed are not. A call counts with what it costs by all that is known: after its
 * adjustments, which are no rows of their own here.
 */
export interface CostFloors {
  dimensions: Dimension[];
  /**
   * The values of the dimensions in their order, null for "not set"; no two groups alike. `above_usd` is
   * a decimal string. At most 10,000.
   */
  groups: { values: (string | null)[]; above_usd: string }[];
}

export const mostCostFloors = 10_000;
