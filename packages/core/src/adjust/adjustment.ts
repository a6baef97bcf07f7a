import type { CostStatus, PriceRow } from '../pricing/charge.js';

/** Why an entry was adjusted. */
export type AdjustmentCause =
  /** The price book says something else now: a corrected, a late or an own price. */
  | 'price'
  /** The usage is read differently now, or the provider corrected it. */
  | 'usage'
  /** An amount stated by a person: a credit, a refund, a difference to an invoice. */
  | 'manual';

/**
 * What an adjusting entry corrects. A booked entry never changes; its restated cost is its own plus
 * that of all its adjustments, and everything that was ever reported can be reported again.
 */
export interface Adjustment {
  /** Id of the adjusted entry; null for an amount that belongs to no single call. */
  entry: string | null;
  /** 1 for the first adjustment of that entry. Two that were made at once have the same id, and one is booked. */
  number: number;
  cause: AdjustmentCause;
  /** One sentence for people: what changed. */
  reason: string;
  /** Who made it: a person's or a program's name. */
  by: string;
  /** Status of the entry as it was booked, where that is not `status_before`: after an earlier adjustment. */
  status_booked?: CostStatus;
  status_before: CostStatus;
  status_after: CostStatus;
  /** Restated cost before and after, all earlier adjustments included. Null is unknown. */
  usd_before: string | null;
  usd_after: string | null;
  /**
   * What people stated for the call, where there is something: part of `usd_before` and `usd_after`, and
   * no part of its price. It stays when the price comes or goes.
   */
  usd_stated?: string;
  /** The price row that priced it before; the one that prices it now is the entry's `cost.price`. */
  price_before?: PriceRow;
}
