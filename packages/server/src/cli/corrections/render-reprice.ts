import type { RepriceSummary } from '@farthing/core';
import type { CliOutput } from '../context.js';
import { displayCount, displayTime, displayValue } from '../output/display.js';
import { exactUsd, sumOf } from '../output/exact-usd.js';
import { renderTable, style, type Column } from '../output/table.js';

/** What pricing again changed, for people; figures are exact. */
export function renderReprice(summary: RepriceSummary, output: CliOutput): string {
  const { window, changes, examined, changed } = summary;
  const span = `${displayTime(window.from, 'UTC')} to ${displayTime(window.to, 'UTC')} UTC`;
  const parts = [
    `${displayCount(examined)} calls priced again, ${span}: ${displayCount(changed)} cost something else now.`,
    ...(changes.length === 0 ? [] : ['', changesTable(summary, output)]),
    ...remarks(summary).map((line) => style(output, 'yellow', line)),
    summary.dry_run
      ? changed === 0
        ? 'A dry run: there is nothing to book.'
        : `A dry run: nothing was booked. Without --dry-run, ${entries(changed)} would be.`
      : `${entries(summary.booked)} booked; what was booked before stays as it is.`,
  ];
  return `${parts.join('\n').trimEnd()}\n`;
}

function changesTable(summary: RepriceSummary, output: CliOutput): string {
  const { changes } = summary;
  const total = {
    cost_before: sumOf(changes.map((change) => change.cost_before)),
    cost_after: sumOf(changes.map((change) => change.cost_after)),
    difference: summary.difference,
  };
  const money = (header: string, name: keyof typeof total): Column => ({
    header,
    align: 'right',
    cells: [...changes.map((change) => change[name]), total[name]].map(exactUsd),
  });
  const left = (header: string, cells: string[], last: string): Column => ({
    header,
    align: 'left',
    cells: [...cells, last],
  });
  return renderTable(
    [
      left(
        'model',
        changes.map(({ model }) => displayValue('model', model)),
        'total',
      ),
      left(
        'provider',
        changes.map(({ provider }) => displayValue('provider', provider)),
        '',
      ),
      left(
        'cause',
        changes.map(({ cause }) => cause),
        '',
      ),
      {
        header: 'calls',
        align: 'right',
        cells: [...changes.map(({ calls }) => calls), summary.changed].map(displayCount),
      },
      money('before', 'cost_before'),
      money('after', 'cost_after'),
      money('difference', 'difference'),
    ],
    output,
  );
}

function remarks(summary: RepriceSummary): string[] {
  const lines: string[] = [];
  if (summary.newly_priced > 0) {
    lines.push(`${displayCount(summary.newly_priced)} of them had no price before.`);
  }
  if (summary.no_longer_priced > 0) {
    lines.push(`${displayCount(summary.no_longer_priced)} of them have no price any more.`);
  }
  if (summary.still_unpriced > 0) {
    lines.push(
      `${displayCount(summary.still_unpriced)} calls still have no price. "farthing prices missing" lists what to add.`,
    );
  }
  if (summary.out_of_retention > 0) {
    lines.push(
      `${displayCount(summary.out_of_retention)} calls of that time are no longer in the journals (\`journal.retention_days\`) and stay as they are.`,
    );
  }
  return lines;
}

function entries(count: number): string {
  return `${displayCount(count)} adjusting ${count === 1 ? 'entry' : 'entries'}`;
}
