import { divideHalfEven, type Picodollars } from '../money.js';
import type { Window } from '../report/query.js';

const month = 30 * 86_400_000;

/** An amount of a window at its pace in 30 days. What of the window is still to come has no part in it. */
export function perMonth(amount: Picodollars, window: Window, now: string): Picodollars {
  const end = Math.min(Date.parse(window.to), Date.parse(now));
  const length = end - Date.parse(window.from);
  return length <= 0 ? 0n : divideHalfEven(amount * BigInt(month), BigInt(length));
}
