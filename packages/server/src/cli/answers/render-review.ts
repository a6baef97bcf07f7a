import { formatReviewCell, shownActions, type Review, type ReviewTable } from '@farthing/core';
import type { CliOutput } from '../context.js';
import { displayUsd } from '../output/display.js';
import { printable, renderTable, style } from '../output/table.js';
import { renderFrame } from './render-frame.js';

/** The review for people in a terminal. */
export function renderReviewText(review: Review, output: CliOutput): string {
  const blocks = review.sections.map(({ title, summary, table, points = [] }) => [
    style(output, 'bold', title),
    printable(summary),
    ...(table === undefined || table.rows.length === 0
      ? []
      : ['', tableOf(table, output).trimEnd()]),
    ...points.flatMap(({ text, command }) => [
      `  ${printable(text)}`,
      ...(command === undefined ? [] : [style(output, 'dim', `  ${command}`)]),
    ]),
  ]);
  const actions = review.actions
    .slice(0, shownActions)
    .flatMap(({ title, sentence, monthly_usd: usd, command }, index) => [
      `${index + 1}. ${style(output, 'bold', printable(title))}${usd === null ? '' : `, about ${displayUsd(usd)} a month`}`,
      `   ${printable(sentence)}`,
      style(output, 'dim', `   ${command}`),
    ]);
  const parts = [
    ...(review.sections.some(({ id }) => id === 'spend') ? [] : [[review.summary]]),
    ...blocks,
    ...(actions.length === 0 ? [] : [[style(output, 'bold', 'To do this week'), ...actions]]),
    renderFrame(review.frame, output),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function tableOf({ columns, rows }: ReviewTable, output: CliOutput): string {
  return renderTable(
    columns.map(({ key, title, kind }) => ({
      header: title,
      align: kind === 'text' ? ('left' as const) : ('right' as const),
      cells: rows.map((row) => printable(formatReviewCell(kind, row[key]))),
    })),
    output,
  );
}
