import { axisStep } from '../answers/forecast/fan.js';
import { axisLabel } from '../chart/stack.js';
import { formatCompact } from '../figures/counts.js';

/** What an axis counts in. */
export type AxisUnit = 'usd' | 'count' | 'share' | 'times';

/** The labels of an axis from nothing to `top`, and the room they take to its left, in pixels. */
export function axisValues(
  top: number,
  unit: AxisUnit,
): { labels: { value: number; text: string }[]; left: number } {
  // Half a call is no label.
  const step = unit === 'count' ? Math.max(1, axisStep(top)) : axisStep(top);
  const labels = Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => {
    const value = index * step;
    return { value, text: textOf(value, step, unit) };
  });
  const longest = Math.max(...labels.map(({ text }) => text.length));
  return { labels, left: Math.max(36, longest * 7 + 14) };
}

function textOf(value: number, step: number, unit: AxisUnit): string {
  switch (unit) {
    case 'usd':
      return axisLabel(value, step);
    case 'count':
      return formatCompact(value);
    case 'share':
      return `${Number((value * 100).toFixed(2))}%`;
    case 'times':
      return `${Number(value.toFixed(2))} ×`;
  }
}
