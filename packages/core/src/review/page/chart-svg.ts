import type { ReviewChart } from '../section.js';
import { formatUsd, parseUsd } from '../../money.js';
import { displayUsd } from '../../whatif/display-usd.js';
import { escapeHtml } from './escape-html.js';
import { dayText, signedUsd } from './format-cell.js';

const width = 720;

/** A chart as inline SVG: it needs no script, prints, and tells its values to screen readers. */
export function renderChart(chart: ReviewChart): string {
  switch (chart.kind) {
    case 'days':
      return renderDays(chart);
    case 'bars':
      return renderBars(chart);
    case 'waterfall':
      return renderWaterfall(chart);
  }
}

type Of<Kind extends ReviewChart['kind']> = Extract<ReviewChart, { kind: Kind }>;

function svg(height: number, label: string, body: string): string {
  return `<svg role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${width} ${height}" width="100%">${body}</svg>`;
}

function label(x: number, y: number, words: string, anchor = 'start', look = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"${look}>${escapeHtml(words)}</text>`;
}

const plotHeight = 150;
const top = 22;

/** Columns of the days of now, with those of the days before behind them. */
function renderDays({ series, days }: Of<'days'>): string {
  const amounts = series.flatMap(({ values }) => values.map(Number));
  const most = Math.max(...amounts, Number.MIN_VALUE);
  const step = width / days.length;
  const bottom = top + plotHeight;
  const columns = days.map((day, index) => {
    const column = (values: readonly (string | null)[], look: string, share: number) => {
      const height = Math.max((Number(values[index] ?? 0) / most) * plotHeight, 0);
      const x = index * step + (step * (1 - share)) / 2;
      return `<rect class="${look}" x="${x.toFixed(1)}" y="${(bottom - height).toFixed(1)}" width="${(step * share).toFixed(1)}" height="${height.toFixed(1)}" rx="2"/>`;
    };
    const [before, now] = [series[0]!.values, series.at(-1)!.values];
    const said = `${dayText(day)}: ${now[index] == null ? 'nothing' : displayUsd(now[index])}${before[index] == null ? '' : `, before ${displayUsd(before[index])}`}`;
    const middle = (index + 0.5) * step;
    const date =
      days.length <= 14 || index % 7 === 0
        ? label(middle, bottom + 16, dayText(day), 'middle', ' class="dim"')
        : '';
    return `<g><title>${escapeHtml(said)}</title>${column(before, 'before', 0.74)}${column(now, 'now', 0.46)}${date}</g>`;
  });
  const legend = `<rect class="now" x="0" y="2" width="10" height="10" rx="2"/>${label(15, 11, 'this window')}<rect class="before" x="105" y="2" width="10" height="10" rx="2"/>${label(120, 11, 'the one before')}${label(width, 11, `most in a day: ${displayUsd(amountText(series, most))}`, 'end', ' class="dim"')}`;
  return svg(
    bottom + 24,
    'Spend by day, this window and the one before',
    `${legend}<line class="axis" x1="0" y1="${bottom}" x2="${width}" y2="${bottom}"/>${columns.join('')}`,
  );
}

/** The decimal string behind the tallest column. */
function amountText(series: Of<'days'>['series'], most: number): string {
  return series.flatMap(({ values }) => values).find((usd) => Number(usd) === most) ?? '0';
}

const rowHeight = 26;
const labelWidth = 190;
const amountWidth = 90;

function renderBars({ bars }: Of<'bars'>): string {
  const most = Math.max(...bars.map(({ usd }) => Number(usd)), Number.MIN_VALUE);
  const room = width - labelWidth - amountWidth;
  const rows = bars.map(({ label: name, usd }, index) => {
    const y = index * rowHeight;
    const length = Math.max((Number(usd) / most) * room, 0);
    return `${label(labelWidth - 10, y + 17, shortened(name), 'end')}<rect class="now" x="${labelWidth}" y="${y + 5}" width="${length.toFixed(1)}" height="16" rx="2"/>${label(labelWidth + length + 8, y + 17, displayUsd(usd), 'start', ' class="dim"')}`;
  });
  return svg(bars.length * rowHeight + 4, 'Cost by feature', rows.join(''));
}

/** From the first amount to the last, each step beginning where the one before ended. */
function renderWaterfall({ steps }: Of<'waterfall'>): string {
  const ends = steps.flatMap((step) => [Number(step.from_usd), Number(step.to_usd)]);
  const [low, most] = [Math.min(...ends), Math.max(...ends)];
  // What changed is shown, not what stayed: the picture begins a little below the lowest end.
  const least = low - (most - low || 1) * 0.05;
  const room = width - labelWidth - amountWidth;
  const at = (usd: number) => labelWidth + ((usd - least) / (most - least)) * room;
  const rows = steps.map(({ label: name, from_usd: from, to_usd: to }, index) => {
    const [left, right] = [Number(from), Number(to)].toSorted((a, b) => a - b) as [number, number];
    const y = index * rowHeight;
    const rises = Number(to) >= Number(from);
    const length = Math.max(at(right) - at(left), 1.5);
    return `${label(labelWidth - 10, y + 17, shortened(name), 'end')}<rect class="${rises ? 'rise' : 'fall'}" x="${at(left).toFixed(1)}" y="${y + 5}" width="${length.toFixed(1)}" height="16" rx="2"/>${label(at(right) + 8, y + 17, signedUsd(formatUsd(parseUsd(to) - parseUsd(from))), 'start', ' class="dim"')}`;
  });
  return svg(steps.length * rowHeight + 4, 'What changed spend, step by step', rows.join(''));
}

function shortened(name: string): string {
  return name.length > 26 ? `${name.slice(0, 25)}…` : name;
}
