import { Sparkline } from '../chart/sparkline.js';
import { formatDay } from '../figures/times.js';
import { basisPoints, chartNumber, formatUsd, parseUsd } from '../money/usd.js';

/** Average cost per call over 7 days: the line, and the last of them against the days before. */
export function Trend({
  days,
  lastDay,
  label,
}: {
  days: readonly (string | null)[];
  lastDay: string;
  label: string;
}) {
  const words = days.map((usd) => (usd === null ? 'no calls' : formatUsd(usd)));
  const text = `${label}, average cost per call on each of the 7 days to ${formatDay(lastDay)}: ${words.join(', ')}`;
  const change = changeOf(days);
  return (
    <span className="flex items-center gap-2">
      <Sparkline
        values={days.map((usd) => (usd === null ? null : chartNumber(usd)))}
        label={text}
      />
      <span
        className={`figure text-xs ${change !== null && change >= 20 ? 'font-medium text-warn' : 'text-ink-3'}`}
        title={`${formatDay(lastDay)} against the days before`}
      >
        {change === null
          ? ''
          : change === 0
            ? '±0%'
            : `${change > 0 ? '+' : '−'}${Math.abs(change)}%`}
      </span>
    </span>
  );
}

/** The last day's average against the mean of the earlier days' averages, in whole percent. */
export function changeOf(days: readonly (string | null)[]): number | null {
  const today = days[days.length - 1] ?? null;
  const before = days.slice(0, -1).flatMap((usd) => (usd === null ? [] : [parseUsd(usd)]));
  if (today === null || before.length === 0) return null;
  const mean = before.reduce((sum, usd) => sum + usd, 0n) / BigInt(before.length);
  const change = basisPoints(parseUsd(today) - mean, mean);
  return change === null ? null : Math.round(change / 100);
}
