import type { Closing } from '@farthing/core';
import type { View } from './view.js';

/** `2026-10` as a window of its whole days. */
export function monthWindow(month: string) {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return {
    window: {
      kind: 'custom' as const,
      from: new Date(Date.UTC(year, number - 1)).toISOString(),
      to: new Date(Date.UTC(year, number)).toISOString(),
    },
    bucket: null,
  };
}

/** The closing that the view shows: its whole month, as known at its time. Null for any other view. */
export function closingOf(
  { window, asOf }: Pick<View, 'window' | 'asOf'>,
  closings: readonly Closing[],
): Closing | null {
  if (asOf === null || window.kind !== 'custom') return null;
  return (
    closings.findLast(({ month, as_of: at }) => {
      const whole = monthWindow(month).window;
      return at === asOf && whole.from === window.from && whole.to === window.to;
    }) ?? null
  );
}

const monthName = new Intl.DateTimeFormat('en-GB', {
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** `2026-10` → `October 2026`. */
export const formatMonth = (month: string): string =>
  monthName.format(new Date(monthWindow(month).window.from));
