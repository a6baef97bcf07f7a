/**
 * The price of a tool of the user's own. Calls count its uses in `usage.units` as `tool:<name>`, and
 * they become charges of that kind, whatever model (if any) was called.
 */
export interface ToolPrice {
  readonly name: string;
  /** Decimal string in USD for `per` uses. */
  readonly price: string;
  readonly per: number;
  /** ISO 8601, inclusive. */
  readonly from?: string;
  /** ISO 8601, exclusive. */
  readonly to?: string;
  /** Where the figure stands. */
  readonly source: string;
}

/** What the names of tool units begin with. */
export const toolUnitPrefix = 'tool:';
