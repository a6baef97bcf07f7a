import { divideHalfEven, type Picodollars } from '../money.js';

/**
 * An amount in a sentence: `$412`, `$9.50`, `−$0.0031`. As many decimals as its size calls for; exact
 * amounts stand beside the sentence.
 */
export function describeMoney(amount: Picodollars): string {
  return `${amount < 0n ? '−' : ''}${describeSize(amount < 0n ? -amount : amount)}`;
}

function describeSize(size: Picodollars): string {
  const decimals = size >= 100n * usd ? 0 : size >= usd ? 2 : size >= usd / 100n ? 4 : 6;
  const scaled = divideHalfEven(size, 10n ** BigInt(12 - decimals));
  if (scaled === 0n && size > 0n) return 'less than $0.000001';
  const digits = scaled.toString().padStart(decimals + 1, '0');
  const whole = BigInt(digits.slice(0, digits.length - decimals)).toLocaleString('en-US');
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return `$${whole}${fraction}`;
}

/** With its sign: `+$412`, `−$9.50`. */
export function describeChange(amount: Picodollars): string {
  return `${amount < 0n ? '' : '+'}${describeMoney(amount)}`;
}

/** How a total moved, with its sign: `+38 %`; null where there was nothing before. */
export function describeGrowth(before: Picodollars, after: Picodollars): string | null {
  if (before <= 0n) return null;
  const percent = (Number(after - before) / Number(before)) * 100;
  const size = Math.abs(percent);
  const shown = size < 9.95 ? size.toFixed(1) : Math.round(size).toLocaleString('en-US');
  return `${percent < 0 ? '−' : '+'}${shown} %`;
}

const usd = 1_000_000_000_000n;
