import { displayUsd } from '../whatif/display-usd.js';
import type { Report } from './report.js';

/** A report in one sentence, for people who read no further. */
export function describeReport({
  frame,
  query,
  rows,
  comparison,
}: Pick<Report, 'frame' | 'query' | 'rows' | 'comparison'>): string {
  if (frame.calls === 0 && frame.cost_usd === null) return frame.notes[0] ?? 'No calls.';
  const cost = frame.cost_usd === null ? 'No known cost' : displayUsd(frame.cost_usd);
  const parts = [`${cost} for ${frame.calls} calls`];
  const change = comparison?.totals['cost'];
  if (change?.change != null) {
    const share = change.share === null ? '' : ` (${signed(change.share * 100)} %)`;
    const sign = String(change.change).startsWith('-') ? '' : '+';
    parts.push(`${sign}${displayUsd(String(change.change))}${share} against the window before`);
  }
  const [dimension] = query.dimensions ?? [];
  const [first] = rows;
  if (dimension !== undefined && query.bucket === undefined && first?.cost_share != null) {
    const value = first[dimension] ?? 'no value';
    parts.push(`most for ${dimension} ${value} (${Math.round(first.cost_share * 100)} %)`);
  }
  return `${parts.join('; ')}.`;
}

function signed(percent: number): string {
  const whole = Math.round(percent);
  return whole > 0 ? `+${whole}` : String(whole);
}
