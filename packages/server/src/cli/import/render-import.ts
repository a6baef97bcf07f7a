import { basename } from 'node:path';
import type { CostComparison, ImportedModel, ImportSummary } from '@farthing/core';
import type { CliOutput } from '../context.js';
import {
  displayCount,
  displayMoney,
  displayTime,
  displayUsd,
  displayValue,
} from '../output/display.js';
import { printable, renderTable, style } from '../output/table.js';

const shownLines = 10;
const shownModels = 20;

/** What an import did and found, for people. `--json` has everything. */
export function renderImport(summary: ImportSummary, output: CliOutput): string {
  const { comparison } = summary;
  const parts = [headline(summary), ...asides(summary), ...unreadableLines(summary, output)];
  if (summary.models.length > 0) parts.push('', modelCosts(summary, output).trimEnd());
  parts.push(...unpricedLines(summary, output));
  if (comparison.calls > 0) {
    parts.push(
      '',
      `Recorded and computed cost agree for ${displayCount(comparison.calls - comparison.disagreeing)} of ${displayCount(comparison.calls)} priced calls.`,
    );
  }
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

const counted = (count: number, name: string): string =>
  `${displayCount(count)} ${name}${count === 1 ? '' : 's'}`;

function headline(summary: ImportSummary): string {
  const verb = summary.dry_run ? 'would be imported' : 'imported';
  const span =
    summary.first_call_at === null
      ? ''
      : `, from ${displayTime(summary.first_call_at, 'UTC', 'day')} to ${displayTime(summary.last_call_at!, 'UTC', 'day')}`;
  const files = summary.files === 1 ? '' : ` in ${displayCount(summary.files)} files`;
  const name = summary.source === null ? '' : ` as ${summary.source}`;
  return `${printable(summary.file)}: ${counted(summary.calls, 'call')}${files}${span}, ${displayUsd(summary.cost_usd)} in all. ${displayCount(summary.imported)} ${verb}${name}, ${displayCount(summary.already_there)} already there.`;
}

/** What was read and is no call of its own. */
function asides(summary: ImportSummary): string[] {
  const asides: [count: number, what: string][] = [
    [summary.repeated, 'records repeat a call that is counted already.'],
    [summary.unfinished, 'calls are not finished; a later import takes them.'],
    [summary.other_records, 'records that are no calls.'],
  ];
  return [
    ...asides.flatMap(([count, what]) => (count === 0 ? [] : [`${displayCount(count)} ${what}`])),
    ...summary.notes,
  ];
}

function modelCosts(summary: ImportSummary, output: CliOutput): string {
  const rows = summary.models.slice(0, shownModels);
  const count = (header: string, of: (row: ImportedModel) => number) => ({
    header,
    align: 'right' as const,
    cells: rows.map((row) => displayCount(of(row))),
  });
  return renderTable(
    [
      {
        header: 'model',
        align: 'left',
        cells: rows.map((row) => displayValue('model', row.model)),
      },
      count('calls', ({ calls }) => calls),
      count('unpriced', ({ unpriced }) => unpriced),
      count('input', ({ tokens }) => tokens.input_uncached),
      count('cache read', ({ tokens }) => tokens.cache_read),
      count(
        'cache write',
        ({ tokens }) => tokens.cache_write + tokens.cache_write_5m + tokens.cache_write_1h,
      ),
      count('output', ({ tokens }) => tokens.output),
      {
        header: 'cost',
        align: 'right',
        cells: displayMoney(
          rows.map((row) => (row.calls > 0 && row.calls === row.unpriced ? null : row.cost_usd)),
        ),
      },
    ],
    output,
  );
}

function unreadableLines(summary: ImportSummary, output: CliOutput): string[] {
  const { count, lines } = summary.unreadable;
  if (count === 0) return [];
  const rest = count - Math.min(lines.length, shownLines);
  const several = summary.files > 1;
  return [
    '',
    style(output, 'yellow', `${counted(count, 'unreadable line')}, left out:`),
    ...lines
      .slice(0, shownLines)
      .map(({ file, line, reason }) =>
        line === 0
          ? `  ${printable(file)}: ${printable(reason)}`
          : `  ${several ? `${printable(basename(file))} ` : ''}line ${displayCount(line)}: ${printable(reason)}`,
      ),
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
      `${counted(calls, 'call')} ${calls === 1 ? 'has' : 'have'} no price (their recorded cost is kept beside, not taken):`,
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
