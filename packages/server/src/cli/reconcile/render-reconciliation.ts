import { parseUsdRounded, type Comparison, type Reconciliation } from '@farthing/core';
import type { BookedDifference } from '../books/book-difference.js';
import type { CliOutput } from '../context.js';
import { displayMoney, displayPercent } from '../output/display.js';
import { printable, renderTable, style } from '../output/table.js';

const worstRows = 5;

/** The verdict, the causes, where they weigh most, and what to do next. */
export function renderReconciliation(result: Reconciliation, output: CliOutput): string {
  const text = [style(output, 'bold', result.verdict), ''];
  text.push(causesTable(result, output));
  text.push(
    `Attribution accuracy ${displayPercent(result.accuracy)}: what the provider bills, less what is unexplained or never passed Farthing.`,
    '',
  );
  const days = worst(result.days);
  const models = worst(result.models);
  if (days.length > 0) {
    text.push(
      'Days that differ most',
      comparisonTable('day', days, (row) => row.day.slice(0, 10), output),
    );
  }
  if (models.length > 0) {
    text.push(
      'Models that differ most',
      comparisonTable('model', models, (row) => printable(row.model ?? '(none)'), output),
    );
  }
  const steps = result.causes.flatMap((cause) => {
    const detail = cause.details[0];
    return [
      `${cause.title}: ${cause.next_step}`,
      ...(detail === undefined || detail.note === ''
        ? []
        : [
            `  e.g. ${detail.day.slice(0, 10)} ${printable(detail.model ?? '')}: ${printable(detail.note)}`,
          ]),
      ...(cause.command === undefined ? [] : [`  ${cause.command}`]),
    ];
  });
  if (steps.length > 0) text.push('Next steps', ...steps, '');
  for (const { day, reason } of result.excluded_days) {
    text.push(style(output, 'yellow', `Not compared: ${day.slice(0, 10)}, ${reason}.`));
  }
  for (const { days: open, reason } of openDays(result)) {
    text.push(style(output, 'yellow', `Not final: ${open.join(', ')}, ${reason}.`));
  }
  for (const note of result.notes) text.push(`Note: ${printable(note)}`);
  return `${text.join('\n').trimEnd()}\n`;
}

/** The days that are not final, those of one reason together. */
function openDays({ days }: Reconciliation): { days: string[]; reason: string }[] {
  const byReason = new Map<string, string[]>();
  for (const { day, final, open_reason: stated } of days) {
    if (final) continue;
    const reason = stated ?? 'the provider may still change the figures';
    byReason.set(reason, [...(byReason.get(reason) ?? []), day.slice(0, 10)]);
  }
  return [...byReason].map(([reason, open]) => ({ days: open, reason }));
}

function causesTable(result: Reconciliation, output: CliOutput): string {
  const rows = [
    ...result.causes.map(({ title, usd, gross_usd: gross, tokens }) => ({
      title,
      usd,
      gross,
      tokens: Object.values(tokens).reduce((sum, count) => sum + count, 0),
    })),
    {
      title: 'unexplained',
      usd: result.unexplained_usd,
      gross: absolute(result.unexplained_usd),
      tokens: Object.values(result.tokens.unexplained).reduce((sum, count) => sum + count, 0),
    },
    {
      title: 'difference (provider − ledger)',
      usd: result.difference_usd,
      gross: null,
      tokens: null,
    },
  ];
  return renderTable(
    [
      { header: 'cause', align: 'left', cells: rows.map(({ title }) => title) },
      {
        header: 'usd',
        align: 'right',
        cells: displayMoney(
          rows.map(({ usd }) => usd),
          true,
        ),
      },
      {
        header: 'moved',
        align: 'right',
        cells: rows.map(({ gross }) => (gross === null ? '' : displayMoney([gross], true)[0]!)),
      },
      {
        header: 'tokens',
        align: 'right',
        cells: rows.map(({ tokens }) => (tokens === null ? '' : tokens.toLocaleString('en-US'))),
      },
    ],
    output,
  );
}

function comparisonTable<Row extends Comparison>(
  header: string,
  rows: readonly Row[],
  name: (row: Row) => string,
  output: CliOutput,
): string {
  const money = (field: 'provider_usd' | 'ledger_usd' | 'difference_usd' | 'unexplained_usd') =>
    displayMoney(
      rows.map((row) => row[field]),
      true,
    );
  return renderTable(
    [
      { header, align: 'left', cells: rows.map(name) },
      { header: 'provider', align: 'right', cells: money('provider_usd') },
      { header: 'ledger', align: 'right', cells: money('ledger_usd') },
      { header: 'difference', align: 'right', cells: money('difference_usd') },
      { header: 'unexplained', align: 'right', cells: money('unexplained_usd') },
      {
        header: 'accuracy',
        align: 'right',
        cells: rows.map((row) => displayPercent(row.accuracy)),
      },
    ],
    output,
  );
}

/** The rows that differ, largest difference first. */
function worst<Row extends Comparison>(rows: readonly Row[]): Row[] {
  return rows
    .filter((row) => row.difference_usd !== '0')
    .toSorted((left, right) => (size(left) < size(right) ? 1 : size(left) > size(right) ? -1 : 0))
    .slice(0, worstRows);
}

function size(row: Comparison): bigint {
  return parseUsdRounded(absolute(row.difference_usd));
}

function absolute(amount: string): string {
  return amount.replace(/^-/, '');
}

/** What `--book` did, a line an entry. */
export function renderBooked({ booked, open_days: open }: BookedDifference): string {
  const lines = booked.map(
    ({ cost, started_at: at, model }) =>
      `Booked ${displayMoney([cost.usd], true)[0]!} on ${at.slice(0, 10)}${model === null ? '' : ` for ${printable(model)}`}.`,
  );
  if (booked.length === 0) lines.push('Nothing to book.');
  if (open.length > 0) {
    const days = open.map((day) => day.slice(0, 10)).join(', ');
    lines.push(`Left alone, because they are not final (why is said above): ${days}.`);
  }
  return `\n${lines.join('\n')}\n`;
}
