import type { WhatIf, WhatIfRow } from '@farthing/core';
import type { CliOutput } from '../context.js';
import {
  displayCount,
  displayMoney,
  displayPercent,
  displayUsd,
  displayValue,
} from '../output/display.js';
import { renderTable, style, type Column } from '../output/table.js';
import { renderFrame, spanOf } from './render-frame.js';

/** What calls would have cost: the sentence, a table by group, and what the figures take for granted. */
export function renderWhatIf(answer: WhatIf, output: CliOutput, timeZone: string): string {
  const { frame, rows, by } = answer;
  const lines = [style(output, 'bold', answer.summary), spanOf(frame, timeZone), ''];
  if (rows.length > 0) lines.push(tableOf(rows, by, output));
  for (const { sentence, calls, usd } of answer.not_compared) {
    const cost = usd === null ? '' : `, ${displayUsd(usd)}`;
    lines.push(`Not compared (${displayCount(calls)} calls${cost}): ${sentence}`);
  }
  if (answer.truncated) lines.push(`Only the first ${rows.length} groups; raise --limit for more.`);
  lines.push(...renderFrame(frame, output));
  return `${lines.join('\n').trimEnd()}\n`;
}

function tableOf(rows: readonly WhatIfRow[], by: WhatIf['by'], output: CliOutput): string {
  const column = (header: string, cells: string[]): Column => ({ header, align: 'right', cells });
  const money = (header: string, value: (row: WhatIfRow) => string) =>
    column(header, displayMoney(rows.map(value)));
  return renderTable(
    [
      ...by.map((name): Column => ({
        header: name,
        align: 'left',
        cells: rows.map((row) => displayValue(name, row.group[name])),
      })),
      {
        header: 'from',
        align: 'left',
        cells: rows.map(({ models: [first, ...more] }) =>
          more.length === 0 ? (first?.model ?? '–') : `${first!.model} and ${more.length} more`,
        ),
      },
      column(
        'calls',
        rows.map((row) => displayCount(row.calls)),
      ),
      money('actual', (row) => row.actual_usd),
      money('would be', (row) => row.repriced_usd.expected),
      money('at least', (row) => row.repriced_usd.low),
      money('at most', (row) => row.repriced_usd.high),
      money('saved', (row) => row.savings_usd.expected),
      column(
        'saved %',
        rows.map((row) => displayPercent(row.savings_share)),
      ),
    ],
    output,
  );
}
