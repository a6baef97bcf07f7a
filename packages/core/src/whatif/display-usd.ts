import { describeMoney } from '../explain/describe-money.js';
import { parseUsdRounded } from '../money.js';

/** A decimal string of USD as sentences say it, with its sign. */
export function displayUsd(usd: string): string {
  return describeMoney(parseUsdRounded(usd));
}
