import { formatUsd, parseUsd } from '@farthing/core';

/** An amount with every digit it has: what books must add up to. */
export function exactUsd(usd: string | null): string {
  if (usd === null) return 'unknown';
  return usd.startsWith('-') ? `-$${usd.slice(1)}` : `$${usd}`;
}

export function sumOf(amounts: readonly string[]): string {
  return formatUsd(amounts.reduce((sum, usd) => sum + parseUsd(usd), 0n));
}
