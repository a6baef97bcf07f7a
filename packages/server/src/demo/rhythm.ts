import type { Feature } from './company.js';

const hour = 3_600_000;
const day = 24 * hour;

/**
 * How busy work of a kind is at a moment, from 0 to 1. Office work peaks late in the morning and
 * in the afternoon (UTC) and thins out at weekends; nightly jobs run from two to five.
 */
export function activity(hours: Feature['hours'], at: number): number {
  const clock = (at % day) / hour;
  const weekday = new Date(at).getUTCDay();
  const weekend = weekday === 0 || weekday === 6;
  switch (hours) {
    case 'night':
      return clock >= 2 && clock < 5 ? 1 : 0;
    case 'always':
      return weekend ? 0.35 : 0.5;
    case 'office': {
      const peaks = bump(clock, 10.5, 2.2) + 0.9 * bump(clock, 15, 2.4) + 0.12 * bump(clock, 20, 2);
      return Math.min(1, 0.03 + peaks) * (weekend ? 0.3 : 1);
    }
  }
}

function bump(clock: number, centre: number, width: number): number {
  return Math.exp(-(((clock - centre) / width) ** 2) / 2);
}
