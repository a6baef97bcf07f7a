/** One US dollar in picodollars, the unit of these books. */
const dollar = 1_000_000_000_000n;

/** Exact: `$2.50` per million tokens is 2,500,000 picodollars a token. Refuses more digits than fit. */
export function picodollarsPerToken(usdPerMillion: string): bigint {
  const [whole = '0', fraction = ''] = usdPerMillion.split('.');
  if (fraction.length > 6) throw new RangeError(`${usdPerMillion}: at most six decimals`);
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

/** An amount in USD, exactly: at most twelve decimals. */
export function picodollars(usd: string): bigint {
  const [whole = '0', fraction = ''] = usd.split('.');
  if (fraction.length > 12) throw new RangeError(`${usd}: at most twelve decimals`);
  return BigInt(whole) * dollar + BigInt(fraction.padEnd(12, '0'));
}

/** `1234500000000n` becomes `1.2345`; no exponent, no trailing zeros. */
export function decimalDollars(amount: bigint): string {
  return decimal(amount, dollar);
}

/** The same amount in cents, as Anthropic's cost report writes amounts. */
export function decimalCents(amount: bigint): string {
  return decimal(amount, dollar / 100n);
}

function decimal(amount: bigint, unit: bigint): string {
  const digits = unit.toString().length - 1;
  const fraction = (amount % unit).toString().padStart(digits, '0').replace(/0+$/, '');
  const whole = (amount / unit).toString();
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
