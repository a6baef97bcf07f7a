import type { Batchable, Substitutions, WhatIfFigures } from '@farthing/core';
import type { CliOutput } from '../context.js';
import { displayCount, displayMoney, displayPercent, displayValue } from '../output/display.js';
import { renderTable, style, type Column } from '../output/table.js';
import { renderFrame, spanOf } from './render-frame.js';

/** Features that a cheaper model might serve: the sentence, a table, and what to mind for each. */
export function renderSubstitutions(
  { summary, candidates, frame }: Substitutions,
  output: CliOutput,
  timeZone: string,
): string {
  const lines = [style(output, 'bold', summary), spanOf(frame, timeZone), ''];
  if (candidates.length > 0) {
    lines.push(
      renderTable(
        [
          left(
            'feature',
            candidates.map(({ feature }) => displayValue('feature', feature)),
          ),
          left(
            'from',
            candidates.map(({ from }) => from.model),
          ),
          left(
            'to',
            candidates.map(({ to }) => to.model),
          ),
          ...columnsOf(candidates),
        ],
        output,
      ),
      ...candidates.flatMap(({ sentence, risks, command }) => [
        sentence,
        ...risks.map((risk) => `  ${risk}`),
        style(output, 'dim', `  ${command}`),
      ]),
    );
  }
  return `${[...lines, ...renderFrame(frame, output)].join('\n').trimEnd()}\n`;
}

/** Work that could be sent as batches, in the same form. */
export function renderBatchable(
  { summary, work, frame }: Batchable,
  output: CliOutput,
  timeZone: string,
): string {
  const lines = [style(output, 'bold', summary), spanOf(frame, timeZone), ''];
  if (work.length > 0) {
    lines.push(
      renderTable(
        [
          left(
            'feature',
            work.map(({ feature }) => displayValue('feature', feature)),
          ),
          left(
            'batchable',
            work.map(({ confidence }) => confidence),
          ),
          left(
            'comes',
            work.map(({ evidence }) => evidence.rhythm.kind),
          ),
          ...columnsOf(work),
        ],
        output,
      ),
      ...work.flatMap(({ sentence, signs, risks, command }) => [
        sentence,
        ...signs.map((sign) => `  + ${sign}`),
        ...risks.map((risk) => `  − ${risk}`),
        style(output, 'dim', `  ${command}`),
      ]),
    );
  }
  return `${[...lines, ...renderFrame(frame, output)].join('\n').trimEnd()}\n`;
}

function columnsOf(
  rows: readonly (WhatIfFigures & { share_of_spend: number | null; monthly_savings_usd: string })[],
): Column[] {
  return [
    right(
      'calls',
      rows.map(({ calls }) => displayCount(calls)),
    ),
    right('actual', displayMoney(rows.map((row) => row.actual_usd))),
    right('would be', displayMoney(rows.map((row) => row.repriced_usd.expected))),
    right('saved', displayMoney(rows.map((row) => row.savings_usd.expected))),
    right(
      'saved %',
      rows.map((row) => displayPercent(row.savings_share)),
    ),
    right('a month', displayMoney(rows.map((row) => row.monthly_savings_usd))),
  ];
}

function left(header: string, cells: string[]): Column {
  return { header, align: 'left', cells };
}

function right(header: string, cells: string[]): Column {
  return { header, align: 'right', cells };
}
