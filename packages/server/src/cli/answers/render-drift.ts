import type { Bias, DriftReport, DriftRow, Framed } from '@farthing/core';
import type { CliOutput } from '../context.js';
import {
  displayChange,
  displayCount,
  displayMoney,
  displayPercent,
  displayTime,
  displayValue,
} from '../output/display.js';
import { renderFrame, spanOf } from './render-frame.js';
import { renderTable, style, type Column } from '../output/table.js';

/** The report of drift for people: a table, and a sentence for each group that needs a look. */
export function renderDrift(
  report: Framed<DriftReport>,
  output: CliOutput,
  timeZone: string,
): string {
  const { by, rows, threshold, frame } = report;
  const span = spanOf(frame, timeZone);
  if (rows.length === 0) return `${frame.notes.join('\n')}\n(${span})\n`;
  const column = (header: string, cells: string[]): Column => ({ header, align: 'right', cells });
  const ratio = (bias: (row: DriftRow) => Bias) => rows.map((row) => displayRatio(bias(row)));
  const table = renderTable(
    [
      ...by.map((name): Column => ({
        header: name,
        align: 'left',
        cells: rows.map((row) => displayValue(name, row.group[name])),
      })),
      column(
        'calls',
        rows.map((row) => displayCount(row.compared_calls)),
      ),
      column('estimated', displayMoney(rows.map((row) => row.estimated_usd))),
      column('actual', displayMoney(rows.map((row) => row.actual_usd))),
      column(
        'cost',
        ratio((row) => row.cost),
      ),
      column(
        'input',
        ratio((row) => row.input),
      ),
      column(
        'output',
        ratio((row) => row.output),
      ),
      column(
        `over ${Math.round(threshold * 100)}%`,
        rows.map((row) => displayPercent(row.drifted_share)),
      ),
      column(
        'P95',
        rows.map((row) => displayChange(row.p95.change)),
      ),
      {
        header: 'since',
        align: 'left',
        cells: rows.map((row) => sinceOf(row, timeZone)),
      },
    ],
    output,
  );
  const notes = rows
    .filter(({ verdict, p95 }) => verdict === 'biased' || p95.exceeds)
    .map((row) => {
      const name = by.map((dimension) => displayValue(dimension, row.group[dimension])).join(', ');
      return `${style(output, 'bold', name === '' ? 'All calls' : name)}: ${row.summary}`;
    });
  const waiting = rows.filter(({ verdict }) => verdict === 'not_judged').length;
  const lines = [
    `Estimates against what was counted, ${span}`,
    '',
    table,
    ...notes,
    ...(waiting === 0
      ? []
      : [
          `${displayCount(waiting)} of ${displayCount(rows.length)} not judged (?): too few calls.`,
        ]),
    ...renderFrame(frame, output),
    ...(report.truncated ? [`Only the first ${rows.length} groups; raise --limit for more.`] : []),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Actual ÷ estimated; what is biased stands out, what is not judged has a question mark. */
function displayRatio({ ratio, verdict }: Bias): string {
  if (ratio === null) return '–';
  const text = `${ratio.toFixed(2)} ×`;
  if (verdict === 'not_judged') return `${text}?`;
  return verdict === 'fair' ? text : `${text}${verdict === 'too_low' ? ' ↑' : ' ↓'}`;
}

function sinceOf(row: DriftRow, timeZone: string): string {
  const biased = [row.cost, row.output, row.input].find(
    ({ verdict }) => verdict === 'too_low' || verdict === 'too_high',
  );
  if (biased === undefined) return '–';
  if (biased.since === null) return 'over';
  if (biased.since_start) return 'first call';
  return displayTime(biased.since, timeZone).slice(0, 16);
}
