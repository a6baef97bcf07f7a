import type { Framed, AuditReport, AuditRow } from '@farthing/core';
import type { CliOutput } from '../context.js';
import {
  displayChange,
  displayCount,
  displayMoney,
  displayPercent,
  displayValue,
} from '../output/display.js';
import { renderFrame, spanOf } from './render-frame.js';
import { bar, renderTable, style, type Column } from '../output/table.js';

const barLength = 16;

/** The audit of prompts for people: a table for each group, and its largest lever. */
export function renderAudit(
  report: Framed<AuditReport>,
  output: CliOutput,
  timeZone: string,
): string {
  const { by, rows, frame } = report;
  const span = spanOf(frame, timeZone);
  if (rows.length === 0) {
    return `No call in this window was taken apart (${span}).\nCalls through the gateway are, unless \`audit.prompts\` is false; imported ones are not. Check the filters, or widen the window with --since.\n`;
  }
  const groups = rows.map((row) => renderGroup(row, by, output));
  const more = report.truncated
    ? `Only the first ${rows.length} groups; raise --limit for more.\n`
    : '';
  return `Where input tokens come from, ${span}\n\n${groups.join('\n')}${more}${renderFrame(frame, output).join('\n')}\n`;
}

function renderGroup(row: AuditRow, by: AuditReport['by'], output: CliOutput): string {
  const { sources, lever } = row;
  const names = by.map((dimension) => displayValue(dimension, row.group[dimension]));
  const title = style(output, 'bold', names.length === 0 ? 'All calls' : names.join(', '));
  const cost = row.input_usd === null ? 'cost unknown' : displayMoney([row.input_usd])[0]!;
  const rest =
    row.audited_calls < row.calls ? `, of which ${displayCount(row.audited_calls)} tell` : '';
  const head = `${title}: ${displayCount(row.calls)} calls${rest}, ${displayCount(row.input_tokens)} input tokens, ${cost}`;
  const column = (header: string, cells: string[]): Column => ({ header, align: 'right', cells });
  const columns: Column[] = [
    { header: 'from', align: 'left', cells: sources.map(({ source }) => source) },
    column(
      'tokens',
      sources.map(({ tokens }) => displayCount(tokens)),
    ),
    column(
      'share',
      sources.map(({ share }) => displayPercent(share)),
    ),
    column(
      'a call',
      sources.map((each) => displayCount(Math.round(each.tokens_per_call))),
    ),
    column(
      'before',
      sources.map(({ change }) => displayChange(change)),
    ),
    column('cost', displayMoney(sources.map(({ usd }) => usd))),
    column(
      'of cost',
      sources.map((each) => displayPercent(each.cost_share)),
    ),
  ];
  if (output.tty) {
    const cells = sources.map(({ share }) => bar(share, barLength));
    columns.push({ header: '', align: 'left', cells });
  }
  const advice = lever === null ? '' : `Largest lever: ${lever.sentence}\n`;
  return `${head}\n${renderTable(columns, output)}${advice}`;
}
