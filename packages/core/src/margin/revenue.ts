/** Who pays: a tenant, a user, or every user of a plan its price. */
export type RevenueFor = 'tenant' | 'user' | 'plan';

/** What somebody pays for a period. `amount_usd` is a decimal string; negative for what was paid back. */
export interface RevenueLine {
  for: RevenueFor;
  /** The tenant, the user or the plan as calls carry it in their tags (`tenant`, `user`, `segment`). */
  key: string;
  /**
   * All that the key may be stored as: a user's pseudonyms under each key of the data directory. Absent
   * where that is the key alone.
   */
  stored?: string[];
  /** The plan of a tenant or user; null where the calls tell (their `segment`), and of plans themselves. */
  plan: string | null;
  amount_usd: string;
  /** Half-open, ISO 8601 UTC; null is every calendar month. */
  period: { from: string; to: string } | null;
}
