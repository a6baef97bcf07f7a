import type { BudgetOutlook, ForecastAmounts } from '@farthing/core';
import type { ForecastAnswer } from '../../answers/index.js';
import type { CliOutput } from '../context.js';
import {
  displayChange,
  displayCount,
  displayMoney,
  displayPercent,
  displayTime,
  displayUsd,
  displayValue,
} from '../output/display.js';
import { sparkline } from '../output/sparkline.js';
import { renderTable, style, type Column } from '../output/table.js';
import { renderFrame } from './render-frame.js';

/** The forecast for people: the sentence, its parts as a table, days as a line; or the budgets. */
export function renderForecast(
  forecast: ForecastAnswer,
  output: CliOutput,
  timeZone: string,
): string {
  const { budgets, summary, frame, rows, total } = forecast;
  if (budgets !== null) return renderOutlooks(budgets, output, timeZone);
  const lines = [
    style(output, 'bold', summary),
    '',
    ...(total.forecast_usd === null ? [] : [renderAmounts(forecast, output)]),
    ...(output.tty ? daysOf(forecast, output) : []),
    ...rows
      .filter(({ needs_days: needs }) => needs > 0)
      .map(
        (row) =>
          `${nameOf(forecast, row)} needs ${dayWords(row.needs_days)} more: a rate so far, no pattern.`,
      ),
    ...renderFrame(frame, output),
    ...(forecast.truncated
      ? [`Only the ${displayCount(rows.length)} largest groups; raise --limit for more.`]
      : []),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

const dayWords = (days: number) => `${days} ${days === 1 ? 'day' : 'days'}`;

function nameOf({ by }: ForecastAnswer, { group }: { group: Record<string, string | null> }) {
  return by.map((dimension) => displayValue(dimension, group[dimension])).join(', ');
}

function renderAmounts(forecast: ForecastAnswer, output: CliOutput): string {
  const { by, rows, other, total } = forecast;
  const shown: ForecastAmounts[] = [...rows, ...(other === null ? [] : [other])];
  const alone = shown.length === 0 || by.length === 0;
  const all = alone ? [total] : [...shown, total];
  const right = (header: string, cells: string[]): Column => ({ header, align: 'right', cells });
  const named = by.map((dimension, index): Column => ({
    header: dimension,
    align: 'left',
    cells: [
      ...rows.map((row) => displayValue(dimension, row.group[dimension])),
      ...(other === null ? [] : [index === 0 ? '(other)' : '']),
      index === 0 ? 'total' : '',
    ],
  }));
  // One number of decimals for the whole table: its figures are compared with each other.
  const amounts = all.map((row) => [
    row.spent_usd,
    row.forecast_usd,
    row.interval_80?.low_usd ?? null,
    row.interval_80?.high_usd ?? null,
    row.interval_95?.low_usd ?? null,
    row.interval_95?.high_usd ?? null,
    row.before_usd,
  ]);
  const texts = displayMoney(amounts.flat());
  const cells = (place: number) => all.map((_, row) => texts[row * amounts[0]!.length + place]!);
  const spread = (low: number) => {
    const ends = [cells(low), cells(low + 1)];
    return all.map((_, row) =>
      ends[0]![row] === '–' ? '–' : `${ends[0]![row]} – ${ends[1]![row]}`,
    );
  };
  return renderTable(
    [
      ...(alone ? [] : named),
      right('spent', cells(0)),
      right('forecast', cells(1)),
      right('80 %', spread(2)),
      right('95 %', spread(4)),
      right('month before', cells(6)),
      right(
        'change',
        all.map((row) => displayChange(row.change)),
      ),
      {
        header: 'from',
        align: 'left',
        cells: all.map((row) => basisWords(row)),
      },
    ],
    output,
  );
}

function basisWords({ basis, days }: ForecastAmounts): string {
  if (basis === 'pattern') return dayWords(days);
  if (basis === 'run_rate') return `${dayWords(days)}, a rate`;
  return basis === 'nothing' ? '–' : basis;
}

/** Days so far and to come as blocks; the scale ends at the second largest day, for one may be wrong. */
function daysOf({ points }: ForecastAnswer, output: CliOutput): string[] {
  const shown = points.slice(-Math.max(7, output.columns - 12));
  const figures = shown.map(({ actual_usd: actual, expected_usd: expected }) => ({
    actual: actual === null ? null : Number(actual),
    expected: expected === null ? null : Number(expected) + Number(actual ?? 0),
  }));
  const sizes = figures.flatMap(({ actual, expected }) => [actual ?? 0, expected ?? 0]);
  const most = sizes.sort((a, b) => b - a)[1] ?? 0;
  const past = figures.findLastIndex(({ expected }) => expected === null) + 1;
  const line = (values: (number | null)[]) => sparkline(values, most);
  const [first, last] = [shown[0], shown.at(-1)];
  if (first === undefined || last === undefined) return [];
  const booked = line(figures.slice(0, past).map(({ actual }) => actual));
  const ahead = line(figures.slice(past).map(({ expected }) => expected));
  const day = (point: typeof first) => point.at.slice(5, 10);
  return [
    `${day(first)} ${booked}${style(output, 'dim', ahead)} ${day(last)}`,
    style(
      output,
      'dim',
      `${' '.repeat(6)}${' '.repeat(booked.length)}${ahead === '' ? '' : '└ forecast'}`,
    ),
    '',
  ];
}

function renderOutlooks(
  outlooks: readonly BudgetOutlook[],
  output: CliOutput,
  timeZone: string,
): string {
  if (outlooks.length === 0) {
    return 'No budget has anything spent or held. Set one with farthing budgets set.\n';
  }
  const time = (moment: string | null) =>
    moment === null ? '–' : displayTime(moment, timeZone, 'minute');
  const amount = ({ measure }: BudgetOutlook, text: string | null) =>
    text === null ? '–' : measure === 'usd' ? displayUsd(text) : displayCount(BigInt(text));
  const column = (header: string, cell: (outlook: BudgetOutlook) => string): Column => ({
    header,
    align: 'right',
    cells: outlooks.map(cell),
  });
  const text = (header: string, cell: (outlook: BudgetOutlook) => string): Column => ({
    ...column(header, cell),
    align: 'left',
  });
  const table = renderTable(
    [
      text('budget', ({ budget }) => budget),
      text('account', ({ scope }) =>
        Object.entries(scope)
          .map(([name, value]) => `${name}=${displayValue(name, value)}`)
          .join(', '),
      ),
      text('window', ({ window }) => window),
      column('used', ({ ratio }) => displayPercent(ratio)),
      column('limit', (one) => amount(one, one.limit)),
      text('outlook', ({ outlook }) => outlook.replaceAll('_', ' ')),
      text('runs out', ({ runs_out_at: at }) => time(at)),
      text('earliest', ({ runs_out_80: range }) => time(range?.earliest ?? null)),
      text('resets', ({ resets_at: at }) => time(at)),
      column('at reset', (one) => amount(one, one.at_reset)),
    ],
    output,
  );
  const worth = outlooks.filter(({ outlook }) => outlook !== 'lasts');
  return `${[table, ...worth.map(({ summary }) => summary)].join('\n').trimEnd()}\n`;
}
