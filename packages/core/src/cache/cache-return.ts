import type { Cost } from '../entry.js';
import { divideHalfEven, parseDecimal, parseUsdRounded, type Picodollars } from '../money.js';
import type { Charge } from '../pricing/charge.js';

/** What caching did to one call's bill. Signed differences in an adjustment. */
export interface CacheReturn {
  /** What the tokens that were read would have cost as plain input, less what they cost. */
  saved: Picodollars;
  /** What the tokens that were written cost more than as plain input. */
  premium: Picodollars;
  /** Tokens read and written that the two are of. */
  tokens: number;
}

/**
 * The return of caching by the call's own charges: Σ reads · (p_in − p_read) and Σ writes · (p_write − p_in),
 * each rounded once. Null where nothing was cached, or the charges do not say what plain input costs.
 *
 * An adjustment takes back charges (negative quantities) and makes others: each side has its own rates.
 */
export function cacheReturn({ charges }: Pick<Cost, 'charges'>): CacheReturn | null {
  const sum: CacheReturn = { saved: 0n, premium: 0n, tokens: 0 };
  let isCached = false;
  for (const isTakenBack of [false, true]) {
    const side = charges.filter(({ quantity }) => quantity < 0 === isTakenBack);
    const part = returnOf(side, charges);
    if (part === 'unknown') return null;
    if (part === null) continue;
    isCached = true;
    sum.saved += part.saved;
    sum.premium += part.premium;
    sum.tokens += part.tokens;
  }
  return isCached ? sum : null;
}

function returnOf(
  charges: readonly Charge[],
  all: readonly Charge[],
): CacheReturn | 'unknown' | null {
  const sum: CacheReturn = { saved: 0n, premium: 0n, tokens: 0 };
  let isCached = false;
  for (const charge of charges) {
    const isRead = charge.kind.startsWith('cache_read');
    if (!isRead && !charge.kind.startsWith('cache_write')) continue;
    // Where plain input stays as it was, only the other side names its rate, if any.
    const plain = plainCharge(charges, charge) ?? plainCharge(all, charge);
    if (plain === null) return 'unknown';
    isCached = true;
    const difference = atRateOf(plain, charge.quantity) - parseUsdRounded(charge.amount_usd);
    if (isRead) sum.saved += difference;
    else sum.premium -= difference;
    sum.tokens += charge.quantity;
  }
  return isCached ? sum : null;
}

/** The one charge of plain input of the same modality and model; null where there is none, or several rates. */
function plainCharge(charges: readonly Charge[], cached: Charge): Charge | null {
  const modality = /^cache_read_(audio|image)$/.exec(cached.kind)?.[1];
  const kind = modality === undefined ? 'input_uncached' : `input_${modality}`;
  const plain = charges.filter((charge) => charge.kind === kind && charge.model === cached.model);
  const [first] = plain;
  return first !== undefined && plain.every(({ rate_usd: rate }) => rate === first.rate_usd)
    ? first
    : null;
}

const picodollarDigits = 12;

function atRateOf({ rate_usd: rate, per }: Charge, quantity: number): Picodollars {
  const [numerator, digits] = parseDecimal(rate);
  const scaled = numerator * BigInt(Math.round(quantity)) * 10n ** BigInt(picodollarDigits);
  return divideHalfEven(scaled, BigInt(per) * 10n ** BigInt(digits));
}
