import { divideHalfEven, type Picodollars } from '../money.js';
import { remainder, type RateCell, type SumCell } from './atoms.js';
import type { BookRates } from './book-rates.js';
import { ledgerRate, listRate } from './provider-costs.js';
import { magnitude, rateFrom, valueAt, type Rate } from './rate.js';

/**
 * Splits a cell's difference in two: token differences at the provider's rate, and the rest, which is
 * what the same tokens cost more or less. The two add up to the difference exactly.
 *
 * The provider's rate is what it billed over what it counted; but where a rate that the ledger knows
 * explains its amount to within its rounding, that one, so that rounding is not taken for a price.
 */
export function valueAtoms(cell: RateCell, rates: BookRates): void {
  const rate = providerRate(cell, rates);
  if (rate !== undefined) cell.rate = rate;
  let valued = 0n;
  for (const atom of cell.atoms) {
    const tokens = atom.provider - atom.ledger;
    atom.usd = rate === undefined || tokens === 0 ? 0n : valueAt(tokens, rate);
    valued += atom.usd;
  }
  cell.rest = remainder(cell.providerUsd - cell.ledgerUsd - valued);
}

export function settleSum(sum: SumCell): void {
  sum.rest = remainder(sum.providerUsd - sum.ledgerUsd);
}

function providerRate(cell: RateCell, rates: BookRates): Rate | undefined {
  const booked = ledgerRate(cell);
  const billed = cell.costQuantity ?? cell.providerTokens;
  if (billed === 0) return booked;
  const known = [booked, listRate(cell, rates), ...cell.ledgerRates.values()];
  const slack = cell.roundingBound + 1n;
  for (const rate of known) {
    if (rate !== undefined && magnitude(cell.providerUsd - valueAt(billed, rate)) <= slack) {
      return rate;
    }
  }
  const byDifference = marginalRate(cell, known, slack);
  return byDifference ?? rateFrom(cell.providerUsd, billed);
}

/**
 * A model with several rates (long context, modalities) has no one rate over all its tokens. Where
 * the tokens that differ cost just what one of its known rates says, they are the difference.
 */
function marginalRate(
  cell: RateCell,
  known: readonly (Rate | undefined)[],
  slack: Picodollars,
): Rate | undefined {
  const tokens = cell.providerTokens - cell.ledgerTokens;
  if (tokens === 0 || cell.unpricedTokens !== 0) return undefined;
  const difference = cell.providerUsd - cell.ledgerUsd;
  return known.find(
    (rate) => rate !== undefined && magnitude(difference - valueAt(tokens, rate)) <= slack,
  );
}

/** What a rate difference on the ledger's own tokens comes to. */
export function rateDifference(tokens: number, from: Rate, to: Rate): Picodollars {
  return divideHalfEven(
    BigInt(tokens) * (to.numerator * from.denominator - from.numerator * to.denominator),
    to.denominator * from.denominator,
  );
}
