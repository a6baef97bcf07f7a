import type { BucketSize } from '@farthing/core';

/** All times on the dashboard are UTC: buckets, windows and invoices are. */
const format = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', hourCycle: 'h23', ...options });

const clock = format({ hour: '2-digit', minute: '2-digit' });
const clockSeconds = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = format({ day: 'numeric', month: 'short' });
const weekdayDay = format({ weekday: 'short', day: 'numeric', month: 'short' });
const fullDay = format({ day: 'numeric', month: 'short', year: 'numeric' });
const month = format({ month: 'long', year: 'numeric' });

const date = (time: string | number) => new Date(time);

export const formatClock = (time: string | number): string => clock.format(date(time));
export const formatClockSeconds = (time: string | number): string =>
  clockSeconds.format(date(time));
export const formatDay = (time: string | number): string => day.format(date(time));
/** With its year: `17 Sep 2026`. */
export const formatFullDay = (time: string | number): string => fullDay.format(date(time));
export const formatMoment = (time: string | number): string =>
  `${day.format(date(time))}, ${clock.format(date(time))}`;

/** With seconds and milliseconds: `17 Sep 2026, 14:03:22.114`. */
export const formatInstant = (time: string): string =>
  `${fullDay.format(date(time))}, ${clockSeconds.format(date(time))}.${time.slice(20, 23) || '000'}`;

/** What a bucket covers, in words: `Thu 17 Sep, 14:00–15:00`. */
export function formatBucket(start: number, size: BucketSize): string {
  switch (size) {
    case 'minute':
      return `${day.format(start)}, ${clock.format(start)}`;
    case 'hour':
      return `${weekdayDay.format(start)}, ${clock.format(start)}–${clock.format(start + 3_600_000)}`;
    case 'day':
      return weekdayDay.format(start);
    case 'week':
      return `Week of ${weekdayDay.format(start)}`;
    case 'month':
      return month.format(start);
  }
}

/** `17 Sep, 14:00 – 18 Sep, 14:00`, or whole days without a clock. `to` is exclusive. */
export function formatRange(from: string, to: string): string {
  const midnight = (time: string) => date(time).getTime() % 86_400_000 === 0;
  if (midnight(from) && midnight(to)) {
    const last = date(to).getTime() - 86_400_000;
    return last <= date(from).getTime()
      ? formatDay(from)
      : `${formatDay(from)} – ${formatDay(last)}`;
  }
  return formatDay(from) === formatDay(to)
    ? `${formatDay(from)}, ${formatClock(from)} – ${formatClock(to)}`
    : `${formatMoment(from)} – ${formatMoment(to)}`;
}

/** How long ago, coarsely: `just now`, `40 s ago`, `3 min ago`, `2 h ago`, `5 days ago`. */
export function formatAgo(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 129_600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86_400)} days ago`;
}
