import type { Framed, QuantityChange, TemplateRow, TemplatesReport } from '@farthing/core';
import type { CliOutput } from '../context.js';
import {
  displayCount,
  displayMoney,
  displayPercent,
  displayTime,
  displayValue,
} from '../output/display.js';
import { printable, renderTable, style, type Column } from '../output/table.js';
import { renderFrame, spanOf } from './render-frame.js';

/** Template versions for people: the answer, a table, and a sentence for each version that changed something. */
export function renderTemplates(
  report: Framed<TemplatesReport>,
  output: CliOutput,
  timeZone: string,
): string {
  const { rows, frame, truncated, notes } = report;
  const sentences = rows
    .filter(({ is_change: isChange, summary }) => isChange && summary !== report.summary)
    .map(({ summary }) => printable(summary));
  const lines = [
    style(output, 'bold', printable(report.summary)),
    '',
    `Template versions, ${spanOf(report, timeZone)}`,
    '',
    ...(rows.length === 0 ? [] : [versionsTable(rows, output, timeZone)]),
    ...sentences,
    ...(sentences.length === 0 ? [] : ['']),
    ...(truncated ? [`Only the first ${rows.length} versions; raise --limit for more.`] : []),
    ...notes,
    ...renderFrame(frame, output),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function versionsTable(rows: readonly TemplateRow[], output: CliOutput, timeZone: string): string {
  const left = (header: string, cells: string[]): Column => ({ header, align: 'left', cells });
  const right = (header: string, cells: string[]): Column => ({ header, align: 'right', cells });
  const each = (cell: (row: TemplateRow) => string) => rows.map(cell);
  return renderTable(
    [
      left(
        'feature',
        each((row) => displayValue('feature', row.feature)),
      ),
      left(
        'template',
        each((row) => nameOf(row.template_version)),
      ),
      left(
        'before',
        each((row) => (row.previous_version === undefined ? '–' : nameOf(row.previous_version))),
      ),
      left(
        'switched',
        each((row) => switchedAt(row, timeZone)),
      ),
      right(
        'calls',
        each((row) => displayCount(row.calls)),
      ),
      right(
        '$/call',
        displayMoney(
          rows.map(({ quantities }) => quantities.cost_per_call.after?.toFixed(12) ?? null),
        ),
      ),
      right(
        'cost',
        each((row) => times(row.quantities.cost_per_call)),
      ),
      right(
        'input',
        each((row) => times(row.quantities.input_tokens_per_call)),
      ),
      right(
        'output',
        each((row) => times(row.quantities.output_tokens_per_call)),
      ),
      right(
        'out/in',
        each((row) => times(row.quantities.output_input_ratio)),
      ),
      right(
        'cache hits',
        each((row) => displayPercent(row.quantities.cache_hit_ratio.after)),
      ),
      right(
        'errors',
        each((row) => displayPercent(row.quantities.error_rate.after)),
      ),
      right(
        'success',
        each((row) => displayPercent(row.success.after)),
      ),
      right('extra', displayMoney(rows.map((row) => row.extra_usd))),
    ],
    output,
  );
}

function nameOf(template: string | null): string {
  return template === null ? '(no template)' : printable(template);
}

function switchedAt({ switch: change }: TemplateRow, timeZone: string): string {
  if (change === null) return '–';
  const { took_over_at: tookOver, first_call_at: first } = change;
  if (tookOver !== null) return displayTime(tookOver, timeZone, 'minute');
  return `part, ${displayTime(first, timeZone, 'minute')}`;
}

/** Times as much as before: what is beyond noise has an arrow, what is not judged a question mark. */
function times({ ratio, verdict }: QuantityChange): string {
  if (ratio === null) return '–';
  const text = `${ratio.toFixed(2)} ×`;
  if (verdict === 'not_judged') return `${text}?`;
  return verdict === 'same' ? text : `${text}${verdict === 'more' ? ' ↑' : ' ↓'}`;
}
