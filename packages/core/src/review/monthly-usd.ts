import { formatUsd, parseUsdRounded } from '../money.js';
import { perMonth } from '../whatif/per-month.js';
import type { ReviewScope } from './section.js';

/** An amount of the window in 30 days at its pace. */
export function monthlyUsd(
  usd: string,
  { window, now }: Pick<ReviewScope, 'window' | 'now'>,
): string {
  return formatUsd(perMonth(parseUsdRounded(usd), window, now));
}
