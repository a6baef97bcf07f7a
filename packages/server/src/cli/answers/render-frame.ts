import type { AnswerFrame } from '@farthing/core';
import type { CliOutput } from '../context.js';
import { displayCount, displayPercent, displayTime, displayUsd } from '../output/display.js';
import { filterText } from '../output/filter-text.js';
import { style } from '../output/table.js';

/** The span of an answer for its first line: `2026-03-01 00:00 to 2026-03-08 00:00 UTC`. */
export function spanOf({ window }: Pick<AnswerFrame, 'window'>, timeZone: string): string {
  const time = (instant: string) => displayTime(instant, timeZone, 'minute');
  return `${time(window.from)} to ${time(window.to)} ${timeZone}`;
}

/** What every answer states of itself, for below its table: filters, gaps, what is estimated. */
export function renderFrame(frame: AnswerFrame, output: CliOutput): string[] {
  const { calls, unpriced, unattributed, filters } = frame;
  const gaps = [
    ...(unpriced.calls > 0
      ? [`${displayCount(unpriced.calls)} without a price (${displayPercent(unpriced.share)})`]
      : []),
    ...(unattributed.calls > 0
      ? [
          `${displayCount(unattributed.calls)} without a feature (${displayUsd(unattributed.cost_usd)}, ${displayPercent(unattributed.share)} of the cost)`,
        ]
      : []),
  ];
  const facts = [
    `${displayCount(calls)} ${calls === 1 ? 'call' : 'calls'}, ${displayUsd(frame.cost_usd)}`,
    ...gaps,
    ...(filters.length === 0 ? [] : [`only ${filterText(filters)}`]),
  ];
  return [
    style(output, 'dim', `${facts.join('; ')}.`),
    ...frame.notes,
    ...frame.estimated.map((sentence) => style(output, 'dim', `Estimated: ${sentence}`)),
  ];
}
