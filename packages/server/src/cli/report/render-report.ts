import type { BucketSize, Measure, Report } from '@farthing/core';
import type { CliOutput } from '../context.js';
import {
  displayCount,
  displayMoney,
  displayPercent,
  displayTime,
  displayUsd,
  displayValue,
} from '../output/display.js';
import { bar, renderTable, style, type Column } from '../output/table.js';

/** A report for people: what it covers, its rows, the total and the gaps in it. */
export function renderReport(report: Report, output: CliOutput, timeZone: string): string {
  const { query, rows, totals } = report;
  const span =
    query.window === undefined
      ? 'all calls'
      : `${displayTime(query.window.from, timeZone)} to ${displayTime(query.window.to, timeZone)} ${timeZone}`;
  const window =
    query.as_of === undefined
      ? span
      : `${span}, as known at ${displayTime(query.as_of, timeZone)} ${timeZone}`;
  // Adjusting entries are no calls, and their money is spend all the same.
  if (Number(totals['calls'] ?? 0) === 0 && Number(totals['adjustments'] ?? 0) === 0) {
    return `No calls in this window (${window}).\nCheck the filters, or widen the window with --since.\n`;
  }

  const columns: Column[] = [];
  if (query.bucket !== undefined) {
    const precision = bucketPrecision(query.bucket, timeZone);
    columns.push({
      header: query.bucket,
      align: 'left',
      cells: rows.map((row) => displayTime(String(row['bucket']), timeZone, precision)),
    });
  }
  for (const dimension of query.dimensions ?? []) {
    columns.push({
      header: dimension,
      align: 'left',
      cells: rows.map((row) => displayValue(dimension, row[dimension])),
    });
  }
  const hasTotal = rows.length > 1 && columns.length > 0;
  const shown = hasTotal ? [...rows, totals] : rows;
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
  if (rows.length > 1) columns.push(...shareColumns(report, output));

  const text = [`Spend, ${window}`, '', renderTable(columns, output)];
  if (report.truncated) {
    text.push(`Only the first ${rows.length} rows; raise --limit for more. The total covers all.`);
  }
  text.push(...gapLines(report, output));
  return `${text.join('\n').trimEnd()}\n`;
}

/** A bucket is named after its beginning; away from UTC that is an hour, not a date. */
function bucketPrecision(bucket: BucketSize, timeZone: string): 'month' | 'day' | 'minute' {
  if (timeZone !== 'UTC' || bucket === 'minute' || bucket === 'hour') return 'minute';
  return bucket === 'month' ? 'month' : 'day';
}

function shareColumns(report: Report, output: CliOutput): Column[] {
  const shares = report.rows.map((row) => row.cost_share);
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

const countMeasure =
  /^(calls|adjustments|errors|retries|tokens_|unpriced_calls|unattributed_calls|\w+_calls|estimated_tokens_|compared_tokens_|prompt_)/;
const timeMeasure = /^(duration|first_byte)_/;

function displayMeasure(measure: Measure, values: (string | number | null)[]): string[] {
  if (countMeasure.test(measure) && measure !== 'retries_cost') {
    return values.map((value) => (value === null ? '–' : displayCount(Number(value))));
  }
  if (timeMeasure.test(measure)) {
    return values.map((value) =>
      value === null ? '–' : `${displayCount(Math.round(Number(value)))} ms`,
    );
  }
  return displayMoney(values.map((value) => (value === null ? null : String(value))));
}
