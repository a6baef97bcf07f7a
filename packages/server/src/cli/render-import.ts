import type { CostComparison, ImportSummary } from '@farthing/core';
import type { CliOutput } from './context.js';
import { displayCount, displayMoney, displayTime, displayUsd, displayValue } from './display.js';
import { printable, renderTable, style } from './table.js';

const shownLines = 10;
const shownModels = 20;

/** What an import did and found, for people. `--json` has everything. */
export function renderImport(summary: ImportSummary, output: CliOutput): string {
  const { comparison } = summary;
  const parts = [
    headline(summary),
    ...unreadableLines(summary, output),
    ...unpricedLines(summary, output),
    '',
    comparison.calls === 0
      ? 'No call has both a recorded and a computed cost: nothing to compare.'
      : `Recorded and computed cost agree for ${displayCount(comparison.calls - comparison.disagreeing)} of ${displayCount(comparison.calls)} priced calls.`,
  ];
  if (comparison.disagreeing > 0) {
    parts.push(
      `${displayCount(comparison.disagreeing)} disagree: recorded ${displayUsd(comparison.recorded_usd)}, computed ${displayUsd(comparison.computed_usd)}, difference ${displayUsd(comparison.difference_usd)} over all.`,
      '',
      style(output, 'bold', 'The largest differences'),
      largestTable(summary, output),
      style(output, 'bold', 'By model'),
      modelTable(summary, output),
    );
  }
  return `${parts.join('\n').trimEnd()}\n`;
}

function headline(summary: ImportSummary): string {
  const verb = summary.dry_run ? 'would be imported' : 'imported';
  const span =
    summary.first_call_at === null
      ? ''
      : `, from ${displayTime(summary.first_call_at, 'UTC', 'day')} to ${displayTime(summary.last_call_at!, 'UTC', 'day')}`;
  const others =
    summary.other_records === 0
      ? ''
      : `, ${displayCount(summary.other_records)} records that are no calls`;
  return `${printable(summary.file)}: ${displayCount(summary.calls)} calls${span}. ${displayCount(summary.imported)} ${verb} as ${summary.source}, ${displayCount(summary.already_there)} already there${others}.`;
}

function unreadableLines(summary: ImportSummary, output: CliOutput): string[] {
  const { count, lines } = summary.unreadable;
  if (count === 0) return [];
  const rest = count - Math.min(lines.length, shownLines);
  return [
    '',
    style(output, 'yellow', `${displayCount(count)} unreadable lines, left out:`),
    ...lines
      .slice(0, shownLines)
      .map(({ line, reason }) => `  line ${displayCount(line)}: ${printable(reason)}`),
    ...(rest > 0 ? [`  … and ${displayCount(rest)} more`] : []),
  ];
}

function unpricedLines(summary: ImportSummary, output: CliOutput): string[] {
  if (summary.unpriced.length === 0) return [];
  const calls = summary.unpriced.reduce((sum, model) => sum + model.calls, 0);
  const shown = summary.unpriced.slice(0, shownModels);
  return [
    '',
    style(
      output,
      'yellow',
      `${displayCount(calls)} calls have no price (their recorded cost is kept beside, not taken):`,
    ),
    renderTable(
      [
        { header: 'provider', align: 'left', cells: shown.map((row) => printable(row.provider)) },
        {
          header: 'model',
          align: 'left',
          cells: shown.map((row) => displayValue('model', row.model)),
        },
        { header: 'status', align: 'left', cells: shown.map((row) => row.status) },
        { header: 'calls', align: 'right', cells: shown.map((row) => displayCount(row.calls)) },
        {
          header: 'recorded',
          align: 'right',
          cells: displayMoney(
            shown.map((row) => row.recorded_usd),
            true,
          ),
        },
      ],
      output,
    ).trimEnd(),
    ...(summary.unpriced.length > shown.length
      ? [`… and ${summary.unpriced.length - shown.length} more models`]
      : []),
  ];
}

function largestTable(summary: ImportSummary, output: CliOutput): string {
  const rows = summary.comparison.largest;
  return renderTable(
    [
      { header: 'line', align: 'right', cells: rows.map((row) => displayCount(row.line)) },
      {
        header: 'time (UTC)',
        align: 'left',
        cells: rows.map((row) => displayTime(row.started_at, 'UTC', 'minute')),
      },
      {
        header: 'model',
        align: 'left',
        cells: rows.map((row) => displayValue('model', row.model)),
      },
      { header: 'in', align: 'right', cells: rows.map((row) => displayCount(row.input_tokens)) },
      { header: 'out', align: 'right', cells: rows.map((row) => displayCount(row.output_tokens)) },
      ...amounts(rows),
    ],
    output,
  );
}

function modelTable(summary: ImportSummary, output: CliOutput): string {
  const rows = summary.comparison.by_model.filter((row) => row.disagreeing > 0);
  return renderTable(
    [
      { header: 'provider', align: 'left', cells: rows.map((row) => printable(row.provider)) },
      {
        header: 'model',
        align: 'left',
        cells: rows.map((row) => displayValue('model', row.model)),
      },
      { header: 'calls', align: 'right', cells: rows.map((row) => displayCount(row.calls)) },
      {
        header: 'disagree',
        align: 'right',
        cells: rows.map((row) => displayCount(row.disagreeing)),
      },
      ...amounts(rows),
    ],
    output,
  );
}

function amounts(rows: Pick<CostComparison, 'recorded_usd' | 'computed_usd' | 'difference_usd'>[]) {
  const column = (header: string, field: 'recorded_usd' | 'computed_usd' | 'difference_usd') => ({
    header,
    align: 'right' as const,
    cells: displayMoney(
      rows.map((row) => row[field]),
      true,
    ),
  });
  return [
    column('recorded', 'recorded_usd'),
    column('computed', 'computed_usd'),
    column('difference', 'difference_usd'),
  ];
}
