import type { UsdRange } from '@farthing/core';
import { parseUsd, toDecimal } from '../../money/usd.js';

/**
 * The range of a month, as far apart as that of the window: `monthly` is what is expected in 30 days
 * at the window's pace. Null where nothing is expected, since then there is no pace to go by.
 */
export function perMonth(savings: UsdRange, monthly: string): UsdRange | null {
  const [expected, whole] = [parseUsd(savings.expected), parseUsd(monthly)];
  if (expected === 0n) return null;
  const scaled = (usd: string) => toDecimal((parseUsd(usd) * whole) / expected);
  return { low: scaled(savings.low), expected: monthly, high: scaled(savings.high) };
}
