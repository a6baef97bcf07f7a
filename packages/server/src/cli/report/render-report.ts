import { unitOf, type BucketSize, type Measure, type QueryRow, type Report } from '@farthing/core';
import type { CliOutput } from '../context.js';
import {
  displayChange,
  displayCount,
  displayMoney,
  displayPercent,
  displayTime,
  displayUsd,
  displayValue,
} from '../output/display.js';
import { filterText } from '../output/filter-text.js';
import { bar, renderTable, style, type Column } from '../output/table.js';

/** A report for people: what it covers, its rows, the total and the gaps in it. */
export function renderReport(report: Report, output: CliOutput, timeZone: string): string {
  const { query, rows, other, totals } = report;
  const span =
    query.window === undefined
      ? 'all calls'
      : `${displayTime(query.window.from, timeZone)} to ${displayTime(query.window.to, timeZone)} ${timeZone}`;
  const known =
    query.as_of === undefined
      ? ''
      : `, as known at ${displayTime(query.as_of, timeZone)} ${timeZone}`;
  const window = `${span}${known}`;
  // Adjusting entries are no calls, and their money is spend all the same.
  if (Number(totals['calls'] ?? 0) === 0 && Number(totals['adjustments'] ?? 0) === 0) {
    return nothing(query, query.window === undefined ? known : ` in this window (${window})`);
  }

  const columns: Column[] = [];
  if (query.bucket !== undefined) {
    const precision = bucketPrecision(query.bucket, timeZone);
    columns.push({
      header: query.bucket,
      align: 'left',
      cells: [...rows, ...other].map((row) => displayBucket(row, timeZone, precision)),
    });
  }
  for (const dimension of query.dimensions ?? []) {
    columns.push({
      header: dimension,
      align: 'left',
      cells: [
        ...rows.map((row) => displayValue(dimension, row[dimension])),
        ...other.map(() => 'all others'),
      ],
    });
  }
  const hasTotal = rows.length > 1 && columns.length > 0;
  const shown = [...rows, ...other, ...(hasTotal ? [totals] : [])];
  if (hasTotal) columns[0]!.cells.push('total');
  for (const measure of query.measures) {
    columns.push({
      header: measure,
      align: 'right',
      cells: displayMeasure(
        measure,
        shown.map((row) => row[measure] ?? null),
      ),
    });
  }
  columns.push(...changeColumns(report, output));
  if (rows.length > 1) columns.push(...shareColumns(report, output));

  const { comparison } = report;
  const beside =
    comparison === null
      ? ''
      : `, beside ${displayTime(comparison.window.from, timeZone)} to ${displayTime(comparison.window.to, timeZone)}`;
  const text = [`Spend, ${window}${beside}`, '', renderTable(columns, output)];
  if (report.truncated) {
    text.push(`Only the first ${rows.length} rows; raise --limit for more. The total covers all.`);
  }
  text.push(...gapLines(report, output));
  return `${text.join('\n').trimEnd()}\n`;
}

/** A report without calls, and what can be done: only what was narrowed can be widened. */
function nothing({ filters = [], window }: Report['query'], where: string): string {
  const first = filters[0]?.dimension;
  const advice = [
    ...(first === undefined ? [] : [`"farthing report --by ${first}" lists what there is.`]),
    ...(window === undefined ? [] : ['--since widens the window.']),
  ];
  const only = filters.length === 0 ? '' : `, only ${filterText(filters)}`;
  return `${[`No calls${where}${only}.`, advice.join(' ')].join('\n').trimEnd()}\n`;
}

/** A bucket is named after its beginning; away from UTC that is an hour, not a date. */
function bucketPrecision(bucket: BucketSize, timeZone: string): 'month' | 'day' | 'minute' {
  if (timeZone !== 'UTC' || bucket === 'minute' || bucket === 'hour') return 'minute';
  return bucket === 'month' ? 'month' : 'day';
}

function shareColumns(report: Report, output: CliOutput): Column[] {
  const shares = [...report.rows, ...report.other].map((row) => row.cost_share);
  const columns: Column[] = [
    { header: 'share', align: 'right', cells: shares.map((share) => displayPercent(share)) },
  ];
  if (output.tty) {
    const largest = Math.max(...shares.map((share) => share ?? 0), Number.MIN_VALUE);
    columns.push({
      header: '',
      align: 'left',
      cells: shares.map((share) => style(output, 'cyan', bar((share ?? 0) / largest, 16))),
    });
  }
  return columns;
}

/** How the first measure moved since the window before; what is new and what is gone says so. */
function changeColumns({ query, rows, other, comparison }: Report, output: CliOutput): Column[] {
  const [measure] = query.measures;
  if (comparison === null || measure === undefined) return [];
  const all = rows.length > 1 ? [comparison.totals[measure]] : [];
  const rest = other.map(() => comparison.other?.[measure]);
  const moved = [...comparison.rows.map((row) => row.measures[measure]), ...rest, ...all];
  const statuses = comparison.rows.map(({ status }) => status);
  const change = moved.map((one, index) => {
    const status = statuses[index] ?? 'kept';
    return status === 'kept' ? displayChange(one?.share ?? null) : status;
  });
  return [
    {
      header: 'before',
      align: 'right',
      cells: displayMeasure(
        measure,
        moved.map((one) => one?.before ?? null),
      ),
    },
    {
      header: 'change',
      align: 'right',
      cells: change.map((text) =>
        text.startsWith('+') || text === 'new' ? style(output, 'yellow', text) : text,
      ),
    },
  ];
}

/** Buckets that come as the beginning of their time are shown as they are. */
function displayBucket(
  row: QueryRow,
  timeZone: string,
  precision: 'month' | 'day' | 'minute',
): string {
  const bucket = String(row['bucket']);
  return bucket.endsWith('Z') ? displayTime(bucket, timeZone, precision) : bucket;
}

/** What the figures above do not contain, or cannot be assigned: said, never hidden. */
function gapLines(report: Report, output: CliOutput): string[] {
  const { totals } = report;
  const calls = Number(totals['calls'] ?? 0);
  const unattributed = Number(totals['unattributed_calls'] ?? 0);
  const unpriced = Number(totals['unpriced_calls'] ?? 0);
  const lines: string[] = [];
  const adjustments = Number(totals['adjustments'] ?? 0);
  if (calls === 0 && adjustments > 0) {
    lines.push(
      `No calls here: these are ${displayCount(adjustments)} adjusting ${adjustments === 1 ? 'entry' : 'entries'} alone.`,
    );
  }
  if (unattributed > 0) {
    const cost = totals['unattributed_cost'];
    lines.push(
      `Unattributed (no feature): ${displayCount(unattributed)} of ${displayCount(calls)} calls, ${cost == null ? 'cost unknown' : displayUsd(String(cost))}.`,
    );
  }
  if (unpriced > 0) {
    lines.push(
      style(
        output,
        'yellow',
        `Unpriced: ${displayCount(unpriced)} of ${displayCount(calls)} calls have no known cost and are not in these sums. See "farthing report --by model,cost_status --measure unpriced_calls".`,
      ),
    );
  }
  return lines;
}

function displayMeasure(measure: Measure, values: (string | number | null)[]): string[] {
  const unit = unitOf(measure);
  if (unit === 'usd') {
    return displayMoney(values.map((value) => (value === null ? null : String(value))));
  }
  return values.map((value) => (value === null ? '–' : displayFigure(measure, unit, value)));
}

function displayFigure(
  measure: Measure,
  unit: ReturnType<typeof unitOf>,
  value: string | number,
): string {
  if (unit === 'time') return displayTime(String(value), 'UTC');
  if (unit === 'ms') return `${displayCount(Math.round(Number(value)))} ms`;
  if (unit !== 'ratio') return displayCount(Math.round(Number(value)));
  return measure === 'output_input_ratio'
    ? Number(value).toPrecision(3)
    : displayPercent(Number(value));
}
