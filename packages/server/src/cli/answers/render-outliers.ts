import type { Framed, Outlier, OutlierCause, OutlierReport } from '@farthing/core';
import type { CliOutput } from '../context.js';
import {
  displayCount,
  displayMoney,
  displayPercent,
  displayTime,
  displayUsd,
} from '../output/display.js';
import { printable, renderTable, style, type Column } from '../output/table.js';
import { renderFrame, spanOf } from './render-frame.js';

const causeNames: Readonly<Record<OutlierCause['cause'], string>> = {
  prompt_grew: 'prompt grew',
  tool_returned_too_much: 'tool returned too much',
  loop_ran_on: 'loop ran on',
  cache_miss: 'cache miss',
  cache_write: 'cache write',
  longer_output: 'longer output',
  more_reasoning: 'more reasoning',
  bigger_model: 'bigger model',
  price: 'price',
  stated_cost: 'stated cost',
  units: 'searches, images',
};

/** Outliers for people: a table, the dearest first, and below it why each of them cost what it did. */
export function renderOutliers(
  report: Framed<OutlierReport>,
  output: CliOutput,
  timeZone: string,
): string {
  const { outliers, total, frame } = report;
  const head = `Outliers, ${spanOf(frame, timeZone)}\n\n${printable(report.summary.replace(/ The dearest cost .*$/s, ''))}\n`;
  const foot = `${renderFrame(frame, output).join('\n')}\n`;
  if (outliers.length === 0) return `${head}${foot}`;
  const cells = (pick: (outlier: Outlier) => string) =>
    outliers.map((each) => printable(pick(each)));
  const column = (header: string, texts: string[]): Column => ({
    header,
    align: 'right',
    cells: texts,
  });
  const named = (header: string, texts: string[]): Column => ({
    header,
    align: 'left',
    cells: texts,
  });
  const table = renderTable(
    [
      column(
        '',
        outliers.map((_, index) => String(index + 1)),
      ),
      named(
        'when',
        outliers.map(({ call }) => displayTime(call.started_at, timeZone, 'minute')),
      ),
      named(
        'feature',
        cells(({ call }) => call.tags.feature ?? '(unattributed)'),
      ),
      named(
        'model',
        cells(({ call }) => call.model ?? '–'),
      ),
      column('cost', displayMoney(outliers.map((each) => each.cost_usd))),
      column('typical', displayMoney(outliers.map((each) => each.typical_usd))),
      column(
        '× median',
        outliers.map(({ times_median: times }) =>
          times === null ? '–' : displayCount(Math.round(times)),
        ),
      ),
      named(
        'cause',
        cells(({ causes }) => causeOf(causes[0])),
      ),
      column(
        'of it',
        outliers.map(({ causes }) => displayPercent(causes[0]?.share ?? null)),
      ),
    ],
    output,
  );
  const why = outliers.flatMap(({ call, summary }, index) => [
    `${style(output, 'bold', String(index + 1))}  ${printable(summary)}`,
    style(
      output,
      'dim',
      `   ${call.id}${call.tags.run === undefined ? '' : `  run ${printable(call.tags.run)}`}`,
    ),
  ]);
  const more =
    total.outliers > outliers.length
      ? `The dearest ${displayCount(outliers.length)} of ${displayCount(total.outliers)}; raise --top for more.\n`
      : '';
  const excess = `Above their peers' average they cost ${displayUsd(total.excess_usd)} more.\n`;
  return `${head}${excess}\n${table}\n${why.join('\n')}\n\n${more}${foot}`;
}

function causeOf(cause: OutlierCause | undefined): string {
  if (cause === undefined) return '–';
  const name = causeNames[cause.cause];
  return cause.cause === 'prompt_grew' && cause.source !== null ? `${name}: ${cause.source}` : name;
}
