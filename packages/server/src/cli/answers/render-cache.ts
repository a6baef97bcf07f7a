import type { CacheReport, CacheRow } from '@farthing/core';
import type { CliOutput } from '../context.js';
import { displayCount, displayMoney, displayPercent, displayValue } from '../output/display.js';
import { bar, renderTable, style, type Column } from '../output/table.js';
import { renderFrame, spanOf } from './render-frame.js';

const barLength = 12;
/** So many groups are told of in sentences. */
const mostSentences = 10;

/** What caching returns for people: the sentence, a table, and what to do about each group. */
export function renderCache(report: CacheReport, output: CliOutput, timeZone: string): string {
  const { by, rows, frame, summary } = report;
  const span = spanOf(frame, timeZone);
  if (rows.length === 0) return `${summary}\n${frame.notes.join('\n')}\n(${span})\n`;
  const right = (header: string, cells: string[]): Column => ({ header, align: 'right', cells });
  const columns: Column[] = [
    ...by.map((name): Column => ({
      header: name,
      align: 'left',
      cells: rows.map((row) => displayValue(name, row.group[name])),
    })),
    right(
      'calls',
      rows.map(({ calls }) => displayCount(calls)),
    ),
    right(
      'input tokens',
      rows.map((row) => displayCount(row.input_tokens)),
    ),
    right(
      'hit ratio',
      rows.map((row) => displayPercent(row.hit_ratio)),
    ),
    right('net return', displayMoney(rows.map((row) => row.net_usd))),
    right('reads / write', rows.map(readsPerWrite)),
    right('gap p50', rows.map(gapOf)),
    right(
      'could save',
      displayMoney(rows.map(({ saves_usd: usd }) => (Number(usd) > 0 ? usd : null))),
    ),
    { header: 'setting', align: 'left', cells: rows.map(settingOf) },
  ];
  if (output.tty) {
    const cells = rows.map((row) => bar(row.hit_ratio ?? 0, barLength));
    columns.push({ header: '', align: 'left', cells });
  }
  const lines = [
    style(output, 'bold', summary),
    '',
    `Prompt caching, ${span}`,
    renderTable(columns, output),
    ...rows
      .filter(({ saves_usd: usd, flags }) => Number(usd) > 0 || flags.length > 0)
      .slice(0, mostSentences)
      .map((row) => {
        const name = by.map((dimension) => displayValue(dimension, row.group[dimension])).join(' ');
        return `${style(output, 'bold', name === '' ? 'All calls' : name)}: ${row.summary}`;
      }),
    '',
    ...renderFrame(frame, output),
    ...(report.truncated ? [`Only the first ${rows.length} groups; raise --limit for more.`] : []),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function readsPerWrite({ models }: CacheRow): string {
  const sum = (name: 'read' | 'written') =>
    models.reduce((total, { tokens }) => total + tokens[name], 0);
  return sum('written') === 0 ? '–' : (sum('read') / sum('written')).toFixed(2);
}

/** Of the model with the most input. */
function gapOf({ models }: CacheRow): string {
  const [first] = models;
  const seconds = first?.gaps.p50_seconds ?? null;
  if (seconds === null) return '–';
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} m` : `${Math.round(seconds / 3_600)} h`;
}

function settingOf({ models }: CacheRow): string {
  const settings = new Set(models.flatMap(({ advice }) => advice?.setting ?? []));
  return settings.size === 0 ? '–' : [...settings].join(', ').replaceAll('_', ' ');
}
