/**
 * Exact money for display. The API sends decimal strings in USD with at most 12 decimals; here they
 * are integers of picodollars (1 USD = 10^12), so no displayed figure ever passes through a float.
 */
const decimals = 12;
const unit = 10n ** BigInt(decimals);

/** Picodollars of a decimal string; throws on anything that is not one. */
export function parseUsd(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(text);
  if (!match) throw new Error(`"${text}" is not a decimal amount in USD with at most 12 decimals.`);
  const [, sign, whole = '0', fraction = ''] = match;
  const pico = BigInt(whole) * unit + BigInt(fraction.padEnd(decimals, '0'));
  return sign === '-' ? -pico : pico;
}

/** Rounds half-even to `digits` decimals and returns the scaled integer. */
function rounded(pico: bigint, digits: number): bigint {
  const step = 10n ** BigInt(decimals - digits);
  const [quotient, remainder] = [pico / step, pico % step];
  const twice = remainder * 2n;
  return twice > step || (twice === step && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

function grouped(whole: bigint): string {
  return whole.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

function written(pico: bigint, digits: number): string {
  const sign = pico < 0n ? '−' : '';
  const scaled = rounded(pico < 0n ? -pico : pico, digits);
  const base = 10n ** BigInt(digits);
  const fraction = (scaled % base).toString().padStart(digits, '0');
  return `${sign}$${grouped(scaled / base)}.${fraction}`;
}

/** Decimals that show three significant digits of an amount below a dollar, and cents above. */
function sensibleDigits(pico: bigint): number {
  const size = pico < 0n ? -pico : pico;
  if (size === 0n || size >= unit) return 2;
  const leadingZeros = decimals - size.toString().length;
  return Math.min(decimals, Math.max(2, leadingZeros + 3));
}

/** `1234.5` → `$1,234.50`; `0.0042` → `$0.0042`; `0.00421567` → `$0.00422`. Never fewer than 2 decimals. */
export function formatPico(pico: bigint): string {
  return trimmed(written(pico, sensibleDigits(pico)));
}

export function formatUsd(usd: string): string {
  return formatPico(parseUsd(usd));
}

/**
 * Decimals for a column of amounts, so that their points stand in line: what its largest amount
 * needs, and `finer` more.
 */
export function columnDigits(amounts: Iterable<string | null>, finer = 0): number {
  let largest = 0n;
  for (const amount of amounts) {
    const pico = amount === null ? 0n : parseUsd(amount);
    if (pico > largest) largest = pico;
  }
  return Math.min(decimals, sensibleDigits(largest) + (largest === 0n ? 0 : finer));
}

/** With a fixed number of decimals; what is too small for them is `<$0.01`, never `$0.00`. */
export function formatUsdAt(usd: string, digits: number): string {
  const pico = parseUsd(usd);
  const text = written(pico, digits);
  return pico > 0n && rounded(pico, digits) === 0n
    ? `<${written(10n ** BigInt(decimals - digits), digits)}`
    : text;
}

/** Every digit that the ledger holds: `1234.5678` → `$1,234.5678`. */
export function formatUsdExact(usd: string): string {
  return trimmed(written(parseUsd(usd), decimals));
}

/** Drops trailing zeros behind the cents. */
function trimmed(text: string): string {
  return text.replace(/(\.\d\d\d*?)0+$/, '$1');
}

/** The amount as a number of USD: for heights of bars and widths of shares only. */
export function chartNumber(usd: string | null): number {
  return usd === null ? 0 : Number(usd);
}

export function sumUsd(amounts: Iterable<string | null>): bigint {
  let sum = 0n;
  for (const amount of amounts) if (amount !== null) sum += parseUsd(amount);
  return sum;
}

/** A sum of nothing but unknown amounts is unknown, not zero. */
export const isUnpriced = (usd: string | null, unpricedCalls: number): boolean =>
  unpricedCalls > 0 && (usd === null || parseUsd(usd) === 0n);

/** Picodollars as the API writes them: a plain decimal string. */
export function toDecimal(pico: bigint): string {
  const digits = (pico < 0n ? -pico : pico).toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return `${pico < 0n ? '-' : ''}${digits.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** `part / whole` in hundredths of a percent, rounded down; null when the whole is nothing. */
export function basisPoints(part: bigint, whole: bigint): number | null {
  return whole === 0n ? null : Number((part * 10_000n) / whole);
}
