import type { OwnPriceRecord } from '@farthing/core';
import { displayTime } from '../output/display.js';
import { printable, type Column } from '../output/table.js';

/** `openai/gpt-house`, `openai/*`, or a tool's name. */
export function nameOf({ price, tool }: OwnPriceRecord): string {
  return tool ?? `${String(price['provider'])}/${String(price['model'] ?? '*')}`;
}

/** One row for each price that was set by command, the oldest first. */
export function ownColumns(own: readonly OwnPriceRecord[]): Column[] {
  const column = (header: string, cell: (record: OwnPriceRecord) => string): Column => ({
    header,
    align: 'left',
    cells: own.map((record) => printable(cell(record))),
  });
  return [
    column('price of', nameOf),
    column('price', priceOf),
    column('from', ({ price }) => String(price['effective_from'] ?? 'always')),
    column('until', ({ price }) => String(price['effective_to'] ?? '–')),
    column('set', ({ recorded_at, recorded_by, note }) => made(recorded_at, recorded_by, note)),
    column('taken back', ({ taken_back: back }) =>
      back === undefined
        ? '–'
        : `${back.from === null ? 'altogether' : `from ${back.from}`}, ${made(back.recorded_at, back.recorded_by, back.note)}`,
    ),
  ];
}

const elsewhere = new Set(['provider', 'model', 'effective_from', 'effective_to']);

/** What the row says, in the words of price files: `input 2.50, output 10`. */
function priceOf({ price }: OwnPriceRecord): string {
  return Object.entries(price)
    .filter(([field]) => !elsewhere.has(field))
    .map(([field, value]) =>
      typeof value === 'object' && value !== null
        ? Object.entries(value)
            .map(([unit, rate]) => `${unit} ${String(rate)}`)
            .join(', ')
        : `${field} ${String(value)}`,
    )
    .join(', ');
}

function made(at: string, by: string, note: string | undefined): string {
  return `${displayTime(at, 'UTC', 'minute')} by ${by}${note === undefined ? '' : `: ${note}`}`;
}
