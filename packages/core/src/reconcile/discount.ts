import type { Picodollars } from '../money.js';
import type { RateCell } from './atoms.js';
import { ledgerRate } from './provider-costs.js';
import { compareRates, magnitude, valueAt, type Rate } from './rate.js';

/** A factor between what the provider bills and the ledger's rates, the same over all models. */
export interface CommonFactor {
  factor: Rate;
  covers(cell: RateCell): boolean;
}

/** At most one part in two hundred off the common factor. */
const tolerance = 200n;
/** Parts of a thousand of the priced value that must share the factor. */
const leastShare = 900n;

/**
 * Finds a contract discount, a credit spread over all lines, or a tax: a factor that nine tenths of
 * the priced value share, over at least two models. Undefined where there is none, or it is 1.
 */
export function findCommonFactor(cells: readonly RateCell[]): CommonFactor | undefined {
  const candidates = cells.flatMap((cell) => {
    const billed = cell.costQuantity ?? cell.providerTokens;
    const booked = ledgerRate(cell);
    if (cell.scope === 'other' || cell.computed || billed === 0 || booked === undefined) return [];
    if (!cell.tokensKnown || cell.unpricedTokens > 0 || booked.numerator <= 0n) return [];
    const expected = valueAt(billed, booked);
    if (expected <= 0n) return [];
    const factor: Rate = { numerator: cell.providerUsd, denominator: expected };
    return [{ cell, factor, expected }];
  });
  const total = candidates.reduce((sum, { expected }) => sum + expected, 0n);
  const factor = weightedMedian(candidates, total);
  if (factor === undefined || isOne(factor)) return undefined;
  const sharing = candidates.filter(({ cell, expected }) => {
    const wanted = (expected * factor.numerator) / factor.denominator;
    const off = magnitude(cell.providerUsd - wanted);
    return off <= magnitude(expected) / tolerance + cell.roundingBound;
  });
  const shared = sharing.reduce((sum, { expected }) => sum + expected, 0n);
  const models = new Set(sharing.map(({ cell }) => cell.model));
  if (models.size < 2 || shared * 1000n < total * leastShare) return undefined;
  const covered = new Set(sharing.map(({ cell }) => cell));
  return { factor, covers: (cell) => covered.has(cell) };
}

function weightedMedian(
  candidates: readonly { factor: Rate; expected: Picodollars }[],
  total: Picodollars,
): Rate | undefined {
  let seen = 0n;
  for (const { factor, expected } of candidates.toSorted((left, right) =>
    compareRates(left.factor, right.factor),
  )) {
    seen += expected;
    if (seen * 2n >= total) return factor;
  }
  return undefined;
}

/** Within one part in a thousand of 1. */
function isOne({ numerator, denominator }: Rate): boolean {
  return magnitude(numerator - denominator) * 1000n <= denominator;
}
