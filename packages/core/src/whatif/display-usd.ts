/**
 * An amount for a sentence: cents from a dollar on, else two significant digits. `$0.0042`, `-$12.30`,
 * `$1,234.50`. For people; amounts that are added up stay decimal strings.
 */
export function displayUsd(usd: string): string {
  const value = Number(usd);
  const size = Math.abs(value);
  const sign = value < 0 ? '-' : '';
  if (size === 0) return '$0';
  if (size >= 0.995) {
    return `${sign}$${size.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  }
  const digits = Math.min(Math.max(1 - Math.floor(Math.log10(size)), 2), 12);
  return `${sign}$${size.toFixed(digits)}`;
}
