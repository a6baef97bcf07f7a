import { parseUsdRounded, type ExplainReport } from '@farthing/core';
import type { CliOutput } from '../context.js';
import { displayMoney } from '../output/display.js';
import { renderTable, style, type Column } from '../output/table.js';

const barWidth = 40;

type Waterfall = Pick<ExplainReport, 'before_usd' | 'after_usd' | 'steps'>;

/**
 * The way from one window's spend to the other's, a line a step. In a terminal each line has a bar that
 * begins where the one above ended; piped, the figures alone.
 */
export function renderWaterfall(report: Waterfall, output: CliOutput): string {
  const { before_usd: before, after_usd: after, steps } = report;
  const amounts = displayMoney([before, ...steps.map((step) => step.amount_usd), after]);
  const signed = amounts.map((text, index) => {
    const isTotal = index === 0 || index === amounts.length - 1;
    return isTotal || text.startsWith('-') || text.startsWith('>-') ? text : `+${text}`;
  });
  const columns: Column[] = [
    {
      header: 'step',
      align: 'left',
      cells: ['Before', ...steps.map(({ label }) => label), 'After'],
    },
    { header: 'amount', align: 'right', cells: signed },
  ];
  if (!output.tty) return renderTable(columns, output);
  const { bars, axis } = barsOf(report);
  const table = renderTable([...columns, { header: '', align: 'left', cells: bars }], output);
  return axis === null ? table : `${table}${style(output, 'dim', axis)}\n`;
}

/** The bars; `axis` says where they begin, when that is not at 0. */
function barsOf({ before_usd: before, after_usd: after, steps }: Waterfall): {
  bars: string[];
  axis: string | null;
} {
  const dollars = (amount: string) => Number(parseUsdRounded(amount)) / 1e12;
  const levels = [dollars(before), ...steps.map((step) => dollars(step.to_usd))];
  const highest = Math.max(...levels, 0);
  const lowest = Math.min(...levels);
  // Where the spend moved little, bars from 0 would all look alike.
  const spread = highest - lowest;
  const base =
    lowest > 0 && spread < highest / 2 ? Math.max(0, lowest - spread / 2) : Math.min(0, lowest);
  const scale = highest === base ? 0 : barWidth / (highest - base);
  const place = (level: number) => Math.round((level - base) * scale);
  const bar = (from: number, to: number, block: string) => {
    const [first, end] = [place(Math.min(from, to)), place(Math.max(from, to))];
    return ' '.repeat(first) + (end === first ? '▏' : block.repeat(end - first));
  };
  const bars = [
    bar(base, dollars(before), '█'),
    ...steps.map(({ from_usd: from, to_usd: to }) => {
      const [first, second] = [dollars(from), dollars(to)];
      return bar(first, second, second >= first ? '▓' : '░');
    }),
    bar(base, dollars(after), '█'),
  ];
  const isCut = base > 0;
  const begin = displayMoney([base.toFixed(6)])[0]!;
  return {
    bars,
    axis: isCut ? `Bars begin at ${begin}; ▓ is more, ░ is less.` : '▓ is more, ░ is less.',
  };
}
