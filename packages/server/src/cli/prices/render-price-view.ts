import { perUnits, type EffectiveRate, type ModelPriceRow, type PriceView } from '@farthing/core';
import type { CliOutput } from '../context.js';
import { displayCount } from '../output/display.js';
import { printable, renderTable, style, type Column } from '../output/table.js';

/** Rates of one row stand beside each other up to this width; more go on the next line. */
const widestRates = 56;
/** The order in which rates are shown: tokens first, as prices are published. */
const unitOrder = Object.keys(perUnits);

const matches: Readonly<Record<PriceView['match'], string>> = {
  exact: 'listed under this id',
  alias: 'listed; this is another name of it',
  dated_suffix: 'listed without the date',
  prefix: 'listed without path, provider or region',
  same_as: 'declared to be priced as another model',
};

/** A model's prices for people: the rates in force first, then every row that has a part in them. */
export function renderPriceView(view: PriceView, output: CliOutput): string {
  const head = [style(output, 'bold', printable(`${view.provider}/${view.model}`)), matchOf(view)];
  const lines = [head.join('  ')];
  if (view.aliases.length > 0) lines.push(`also: ${printable(view.aliases.join(', '))}`);
  if (view.others.length > 0) {
    const others = printable(view.others.join(', '));
    lines.push(`at other prices: ${others} (name one with --provider)`);
  }
  lines.push('', `Rates of an ordinary call at ${view.at}`);
  if (view.contract !== undefined) lines.push(printable(view.contract));
  lines.push(ratesTable(view, output));
  lines.push('All rows, in the order in which they apply (later ones go over earlier ones)');
  return `${lines.join('\n')}\n${rowsTable(view.rows, output)}`;
}

function matchOf({ match, matched_id, same_as, owner, provider }: PriceView): string {
  const parts = [matches[match]];
  if (match === 'dated_suffix' || match === 'prefix') parts.push(`as ${matched_id}`);
  if (same_as !== undefined) parts.push(`${same_as.provider}/${same_as.model}`);
  if (owner !== provider) parts.push(`on the price list of ${owner}`);
  return `(${printable(parts.join(', '))})`;
}

function ratesTable(view: PriceView, output: CliOutput): string {
  const rates = view.rates.toSorted(
    (left, right) => unitOrder.indexOf(left.unit) - unitOrder.indexOf(right.unit),
  );
  const own = rates.some((rate) => rate.list_rate_usd !== undefined);
  const column = (header: string, align: Column['align'], cells: string[]): Column => ({
    header,
    align,
    cells,
  });
  const columns = [
    column(
      'unit',
      'left',
      rates.map(({ unit }) => unit),
    ),
    column(
      'rate',
      'right',
      rates.map((rate) => `$${rate.rate_usd}`),
    ),
    ...(own ? [column('list', 'right', rates.map(listRate))] : []),
    column(
      'per',
      'right',
      rates.map(({ per }) => displayCount(per)),
    ),
    column(
      'source',
      'left',
      rates.map(({ source }) => source),
    ),
    column(
      'row',
      'left',
      rates.map(({ price, minimum }) => {
        const since = price.effective_from;
        const least = minimum === undefined ? '' : `, at least ${minimum} are billed`;
        return printable(
          `${price.book}${since === undefined ? '' : ` since ${day(since)}`}${least}`,
        );
      }),
    ),
  ];
  return renderTable(columns, output);
}

/** A rate of one's own that no list has, has no list price. */
function listRate({ rate_usd, list_rate_usd, source }: EffectiveRate): string {
  if (list_rate_usd !== undefined) return `$${list_rate_usd}`;
  return source === 'override' ? '–' : `$${rate_usd}`;
}

function rowsTable(rows: readonly ModelPriceRow[], output: CliOutput): string {
  const cells = rows.flatMap((row) => {
    const effects = effectsOf(row);
    const first = [
      row.from === undefined ? 'always' : day(row.from),
      row.to === undefined ? '' : day(row.to),
      conditionsOf(row),
    ];
    return wrap(effects).map((shown, index) =>
      index === 0
        ? [...first, shown, row.book, row.source === row.book ? '' : row.source]
        : ['', '', '', shown, '', ''],
    );
  });
  const headers = ['from', 'until', 'when', 'rates', 'book', 'source'];
  return renderTable(
    headers.map((header, index) => ({
      header,
      align: 'left',
      cells: cells.map((line) => printable(line[index] ?? '')),
    })),
    output,
  );
}

function wrap(parts: readonly string[]): string[] {
  const lines = [''];
  for (const part of parts) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = part;
    else if (line.length + part.length + 2 > widestRates) lines.push(part);
    else lines[lines.length - 1] = `${line}, ${part}`;
  }
  return lines;
}

function conditionsOf({ when, threshold, daily, model }: ModelPriceRow): string {
  const operators = { gt: '>', gte: '≥', lt: '<', lte: '≤' } as const;
  const parts = Object.entries(when ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  if (threshold !== undefined) {
    parts.push(`input ${operators[threshold.op]} ${displayCount(threshold.tokens)}`);
  }
  if (daily !== undefined) {
    const days = daily.days?.map((one) => ['Su', 'Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa'][one]);
    parts.push(`${daily.start}–${daily.end}${days === undefined ? '' : ` ${days.join(' ')}`}`);
  }
  if (model.endsWith('*')) parts.push(`all of ${model}`);
  return parts.join(', ');
}

function effectsOf(row: ModelPriceRow): string[] {
  const effects = Object.entries(row.rates ?? {}).map(([unit, rate]) => `${unit} ${rate}`);
  for (const [unit, factor] of Object.entries(row.multiply ?? {}))
    effects.push(`${unit} × ${factor}`);
  for (const [unit, derived] of Object.entries(row.derive ?? {})) {
    effects.push(`${unit} = ${derived[0]} × ${derived[1]}`);
  }
  for (const [unit, least] of Object.entries(row.minimum ?? {})) {
    effects.push(`${unit} at least ${least}`);
  }
  if (row.contract !== undefined) effects.push('by contract');
  if (row.same_as !== undefined) effects.push(`same as ${row.same_as}`);
  return effects;
}

function day(time: string): string {
  return time.replace(/T00:00:00(\.000)?Z$/, '');
}
