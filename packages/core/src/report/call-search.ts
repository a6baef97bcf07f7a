import type { CostFloors } from './cost-floors.js';
import type { Filter, Window } from './query.js';

/** Asks for single calls, page by page. */
export interface CallSearch {
  window?: Window;
  filters?: Filter[];
  /** Only calls that cost more than the floor of their group, each as it stands after its adjustments. */
  above?: CostFloors;
  order: 'newest' | 'oldest' | 'dearest';
  /** At most 1,000. */
  limit: number;
  /** Continue after this row of the previous page; not with `above`. */
  after?: { started_at: string; id: string };
}
