import type { ForecastPoint } from '@farthing/core';
import { formatBucket } from '../../figures/times.js';
import { formatUsd } from '../../money/usd.js';
import { formatSpan } from '../range-bar.js';

/** A day of the forecast in words: `Mon 23 Nov: $3.10 spent, about $12 to come; the month at …`. */
export function dayWords(point: ForecastPoint): string {
  const { at, actual_usd: actual, expected_usd: expected, month_to_date: month } = point;
  const day = [
    actual === null ? null : `${formatUsd(actual)} spent`,
    expected === null ? null : `about ${formatUsd(expected)} to come`,
  ].filter((part) => part !== null);
  const words = `${formatBucket(Date.parse(at), 'day')}: ${day.join(', ')}`;
  if (month === null) return `${words}.`;
  if (expected === null) return `${words}; the month at ${formatUsd(month.expected_usd)}.`;
  const { low_usd: low, high_usd: high } = month.interval_80;
  return `${words}; the month at about ${formatUsd(month.expected_usd)} (80%: ${formatSpan({ low, high })}).`;
}
