/**
 * Why a call has the cost it has. Everything but `priced` has either no cost (null, with a reason)
 * or, for `partial`, a cost that is known to lack something.
 */
export type CostStatus =
  | 'priced'
  | 'unknown_model'
  | 'no_usage'
  | 'invalid_usage'
  | 'contract_required'
  | 'not_billed'
  | 'partial';

/** Precedence: reported by the provider > user override > overlay > base. `source` = an imported record's own figure. */
export type CostSource = 'reported' | 'override' | 'overlay' | 'base' | 'source';

/** Identifies the price row that was applied, so that any figure can be traced to its origin. */
export interface PriceRow {
  /** Which layer and edition of the price book, e.g. `genai-prices@0.1.8`. */
  book: string;
  provider: string;
  /** The book's own model id, which may differ from the id the provider answered with. */
  model: string;
  /** ISO date-time from which the row holds; absent when it holds since always. */
  effective_from?: string;
}

/** One line of a bill: a quantity at a rate. `amount_usd` is rounded once, half-even, to the picodollar. */
export interface Charge {
  /** A token bucket (`input_uncached`, `cache_read`, …) or a unit (`web_searches`, …). */
  kind: string;
  /** Non-negative, except in adjustments, where a negative quantity takes back what was charged. */
  quantity: number;
  /** Published price of `per` units, as a decimal string in USD. */
  rate_usd: string;
  per: number;
  amount_usd: string;
  /** The public list price of `per` units, and the amount at it, where the rate is the user's own or discounted. */
  list_rate_usd?: string;
  list_amount_usd?: string;
  /** Set when the charge is billed at another model's rate than the call's own. */
  model?: string;
}
