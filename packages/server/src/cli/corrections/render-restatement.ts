import type { MonthTotals, Restatement } from '@farthing/core';
import type { CliOutput } from '../context.js';
import { displayCount, displayTime, displayValue } from '../output/display.js';
import { exactUsd } from '../output/exact-usd.js';
import { renderTable, style, type Column } from '../output/table.js';

/** A restatement for people: then, since, now, and that it adds up. Figures are exact. */
export function renderRestatement(restatement: Restatement, output: CliOutput): string {
  const { month, closing, as_closed: then, as_known_now: now } = restatement;
  const parts = [
    `${month}, closed as of ${displayTime(closing.as_of, 'UTC')} UTC by ${displayValue('by', closing.by)}`,
    '',
    statementTable(restatement, output),
  ];
  const lateGap = restatement.late.reduce((sum, part) => sum + part.calls_without_cost, 0);
  if (lateGap > 0) {
    parts.push(
      style(
        output,
        'yellow',
        `${lateGap === 1 ? '1 late call was' : `${displayCount(lateGap)} late calls were`} booked without a known cost; what was priced since is in the adjustments.`,
      ),
    );
  }
  if (!restatement.reproduced) {
    parts.push(
      style(
        output,
        'red',
        `The books as of the closing no longer give its figures: it recorded ${totals(closing.totals)}, and asking again gives ${totals(then)}. Entries were added with an earlier time of recording, or the books were restored.`,
      ),
    );
  }
  if (restatement.unexplained !== '0') {
    parts.push(style(output, 'red', `${exactUsd(restatement.unexplained)} are not accounted for.`));
  }
  if (now.unpriced_calls > 0) {
    parts.push(
      style(
        output,
        'yellow',
        `${displayCount(now.unpriced_calls)} calls of the month still have no price and are in none of these figures.`,
      ),
    );
  }
  return `${parts.join('\n').trimEnd()}\n`;
}

function statementTable(restatement: Restatement, output: CliOutput): string {
  const { adjustments, late, as_closed: then, as_known_now: now } = restatement;
  // Adjustments are no calls: they are counted apart, and each column adds up. Late calls come first,
  // because they may be adjusted, too.
  const lines: [string, string, string, string, string][] = [
    ['as closed', '', displayCount(then.calls), '', exactUsd(then.cost)],
    ...late.map((part): [string, string, string, string, string] => [
      `late: ${displayValue('source', part.source)}`,
      modelOf(part),
      displayCount(part.calls),
      '',
      exactUsd(part.cost),
    ]),
    ...adjustments.map((part): [string, string, string, string, string] => [
      `adjusted: ${part.cause}`,
      modelOf(part),
      '',
      displayCount(part.entries),
      exactUsd(part.cost),
    ]),
    ['as known now', '', displayCount(now.calls), '', exactUsd(now.cost)],
    [
      'difference',
      '',
      displayCount(now.calls - then.calls),
      displayCount(adjustments.reduce((sum, { entries }) => sum + entries, 0)),
      exactUsd(restatement.difference),
    ],
  ];
  const column = (header: string, align: Column['align'], index: 0 | 1 | 2 | 3 | 4): Column => ({
    header,
    align,
    cells: lines.map((line) => line[index]),
  });
  return renderTable(
    [
      column('', 'left', 0),
      column('model', 'left', 1),
      column('calls', 'right', 2),
      column('adjustments', 'right', 3),
      column('cost', 'right', 4),
    ],
    output,
  );
}

function modelOf({ provider, model }: { provider: string; model: string | null }): string {
  const name = displayValue('provider', provider);
  return model === null ? name : `${name}/${displayValue('model', model)}`;
}

function totals({ calls, cost }: MonthTotals): string {
  return `${displayCount(calls)} calls and ${exactUsd(cost)}`;
}
