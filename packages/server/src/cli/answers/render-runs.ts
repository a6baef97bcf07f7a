import type { RunList, SuccessRow } from '@farthing/core';
import type { CliOutput } from '../context.js';
import {
  displayCount,
  displayMoney,
  displayPercent,
  displayTime,
  displayValue,
} from '../output/display.js';
import { bar, printable, renderTable, style, type Column } from '../output/table.js';
import { displayDuration } from './display-duration.js';
import { renderFrame, spanOf } from './render-frame.js';

/** Runs or sessions for people: the dearest, and what one costs by group. */
export function renderRuns(list: RunList, output: CliOutput, timeZone: string): string {
  const { frame, rows, groups, kind, by } = list;
  const lines = [style(output, 'bold', list.summary), spanOf(frame, timeZone), ''];
  if (rows.length > 0) lines.push(tableOf(list, output, timeZone));
  if (list.truncated)
    lines.push(`Only the first ${rows.length} ${kind}s; raise --limit for more.`, '');
  if (groups.length > 0 && by.length > 0) lines.push(groupTable(list, output));
  if (kind === 'run' && rows.length > 0) {
    lines.push(
      style(output, 'dim', `One of them as a tree: farthing run ${printable(rows[0]!.id)}`),
    );
  }
  lines.push(...renderFrame(frame, output));
  return `${lines.join('\n').trimEnd()}\n`;
}

function tableOf({ rows, kind }: RunList, output: CliOutput, timeZone: string): string {
  const left = (header: string, cells: string[]): Column => ({ header, align: 'left', cells });
  const right = (header: string, cells: string[]): Column => ({ header, align: 'right', cells });
  const largest = Math.max(...rows.map(({ cost_share: share }) => share ?? 0), Number.MIN_VALUE);
  const columns = [
    left(
      kind,
      rows.map(({ id }) => printable(id)),
    ),
    right('cost', displayMoney(rows.map(({ cost_usd: cost }) => cost))),
    right(
      'calls',
      rows.map(({ calls }) => displayCount(calls)),
    ),
    right(
      'errors',
      rows.map(({ errors }) => displayCount(errors)),
    ),
    right(
      'lasted',
      rows.map(({ duration_ms: duration }) => displayDuration(duration)),
    ),
    left(
      'began',
      rows.map(({ first_call_at: at }) =>
        at === null ? '–' : displayTime(at, timeZone, 'minute'),
      ),
    ),
    left(
      'feature',
      rows.map(({ feature }) => (feature === null ? '–' : printable(feature))),
    ),
    left(
      kind === 'run' ? 'agent' : 'segment',
      rows.map(({ agent, segment }) => printable((kind === 'run' ? agent : segment) ?? '–')),
    ),
  ];
  if (rows.some(({ outcome }) => outcome !== null)) {
    columns.push(
      left(
        'outcome',
        rows.map(({ outcome }) => printable(outcome ?? '–')),
      ),
    );
  }
  if (output.tty) {
    columns.push(
      left(
        '',
        rows.map(({ cost_share: share }) => style(output, 'cyan', bar((share ?? 0) / largest, 12))),
      ),
    );
  }
  return renderTable(columns, output);
}

function groupTable({ groups, by, kind }: RunList, output: CliOutput): string {
  const right = (header: string, cells: string[]): Column => ({ header, align: 'right', cells });
  const money = (header: string, value: (row: SuccessRow) => string | null) =>
    right(header, displayMoney(groups.map(value)));
  const columns: Column[] = [
    ...by.map((name): Column => ({
      header: name,
      align: 'left',
      cells: groups.map(({ group }) => displayValue(name, group[name])),
    })),
    right(
      `${kind}s`,
      groups.map(({ runs }) => displayCount(runs)),
    ),
    money('cost', (row) => row.cost_usd),
    money(`per ${kind}`, (row) => row.cost_per_run_usd),
  ];
  if (groups.some(({ judged }) => judged > 0)) {
    columns.push(
      right(
        'judged',
        groups.map(({ judged }) => displayCount(judged)),
      ),
      right(
        'success',
        groups.map(({ success_rate: rate }) => displayPercent(rate)),
      ),
      money('per success', (row) => row.cost_per_success_usd),
    );
  }
  return renderTable(columns, output);
}
