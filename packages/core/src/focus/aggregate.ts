import { addCharge, chargeKey, type FocusCharge } from './focus-charge.js';

/**
 * Sums charges that differ in nothing but quantity and amount. Entries come in the order in which they
 * were written, not by hour, so sums stay open; at most `mostOpen` of them, then all are handed out
 * and begun anew. A key may thus occur twice in a very large export: every row is right and the sums
 * are the same.
 */
export class FocusAggregate {
  readonly #mostOpen: number;
  #open = new Map<string, FocusCharge>();

  constructor(mostOpen = 100_000) {
    this.#mostOpen = mostOpen;
  }

  /** Takes a charge; returns the sums that had to be closed for it, mostly none. */
  add(charge: FocusCharge): FocusCharge[] {
    const key = chargeKey(charge);
    const sum = this.#open.get(key);
    if (sum !== undefined) {
      addCharge(sum, charge);
      return [];
    }
    const closed = this.#open.size >= this.#mostOpen ? this.close() : [];
    this.#open.set(key, charge);
    return closed;
  }

  /** All sums so far, by the beginning of their hour; nothing is left open. */
  close(): FocusCharge[] {
    const sums = [...this.#open.values()];
    this.#open = new Map();
    return sums.sort(byStart);
  }
}

function byStart(left: FocusCharge, right: FocusCharge): number {
  const [a, b] = [left.row.ChargePeriodStart ?? '', right.row.ChargePeriodStart ?? ''];
  return a < b ? -1 : a > b ? 1 : 0;
}
