import { decimalFromNumber, divideHalfEven, parseDecimal } from '../money.js';
import type { BilledUnits } from '../usage/usage.js';

/**
 * Corrected quantities are kept to a billionth of a unit, so that a difference and what it is added to
 * are decimals that a JSON number holds exactly (up to 9 million units; whole numbers up to 2^53).
 */
const decimals = 9;
const perUnit = 10n ** BigInt(decimals);

/** after − before as decimals: 7.264 − 0.919 is 6.345 and nothing more. */
export function quantityDifference(before: number, after: number): number {
  return fromBillionths(billionths(after) - billionths(before));
}

/** The quantity after such a difference. */
export function quantitySum(quantity: number, difference: number): number {
  return fromBillionths(billionths(quantity) + billionths(difference));
}

/**
 * Units as they are read now, in the precision of a correction: what is the same to a billionth stays
 * the number that it was.
 */
export function correctedUnits(before: BilledUnits, after: BilledUnits): BilledUnits {
  return Object.fromEntries(
    Object.entries(after).map(([name, quantity]) => {
      const old = before[name];
      const same = old !== undefined && billionths(old) === billionths(quantity);
      return [name, same ? old : fromBillionths(billionths(quantity))];
    }),
  );
}

function billionths(quantity: number): bigint {
  if (Number.isInteger(quantity)) return BigInt(quantity) * perUnit;
  if (Math.abs(quantity) < 1e-10) return 0n;
  const [numerator, digits] = parseDecimal(decimalFromNumber(quantity));
  return divideHalfEven(numerator * perUnit, 10n ** BigInt(digits));
}

function fromBillionths(count: bigint): number {
  return Number(`${count}e-${decimals}`);
}
