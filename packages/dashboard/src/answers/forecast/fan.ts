import type { ForecastPoint } from '@farthing/core';
import { chartNumber } from '../../money/usd.js';

/** A day as it is drawn. Amounts are USD as numbers: for heights only. */
export interface FanDay {
  at: string;
  actual: number;
  /** Still to come; 0 of days that are over. */
  expected: number;
  /** The month by the end of the day; null outside of it. */
  month: { expected: number; low80: number; high80: number; low95: number; high95: number } | null;
}

export function fanDays(points: readonly ForecastPoint[]): FanDay[] {
  return points.map(({ at, actual_usd: actual, expected_usd: expected, month_to_date: month }) => ({
    at,
    actual: chartNumber(actual),
    expected: chartNumber(expected),
    month: month && {
      expected: chartNumber(month.expected_usd),
      low80: chartNumber(month.interval_80.low_usd),
      high80: chartNumber(month.interval_80.high_usd),
      low95: chartNumber(month.interval_95.low_usd),
      high95: chartNumber(month.interval_95.high_usd),
    },
  }));
}

/**
 * The top of the money axis. An interval that reaches far beyond what is expected is cut off there,
 * so that it does not press what is likely into the ground.
 */
export function fanTop(days: readonly FanDay[]): number {
  const likely = Math.max(0, ...days.map(({ month }) => month?.high80 ?? 0));
  const all = Math.max(likely, ...days.map(({ month }) => month?.high95 ?? 0));
  return Math.min(all, likely * 2) * 1.06 || 1;
}

/** A round step that gives an axis two to four labels. */
export function axisStep(top: number): number {
  const rough = top / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough) ?? 10;
  return step * power;
}
