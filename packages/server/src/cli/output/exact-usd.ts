import { formatUsd, parseUsd } from '@farthing/core';

/** An amount with every digit it has: what books must add up to. */
export function exactUsd(usd: string | null): string {
  if (usd === null) return 'unknown';
  return usd.startsWith('-') ? `-$${usd.slice(1)}` : `$${usd}`;
}

/** Of what is known among the amounts; null where none of them is. */
export function sumOf(amounts: readonly (string | null)[]): string | null {
  const known = amounts.filter((usd) => usd !== null);
  return known.length === 0 ? null : formatUsd(known.reduce((sum, usd) => sum + parseUsd(usd), 0n));
}
