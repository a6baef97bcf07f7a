import type { Framed, MarginFigures, MarginReport } from '@farthing/core';
import type { CliOutput } from '../context.js';
import { displayCount, displayMoney, displayPercent, displayUsd } from '../output/display.js';
import { printable, renderTable, style, type Column } from '../output/table.js';
import { renderFrame, spanOf } from './render-frame.js';

const verdicts = {
  earns: 'earns',
  loses: 'loses',
  no_revenue: 'no revenue',
  unused: 'unused',
  unknown: 'cost unknown',
} as const;

/**
 * Margins for people: the accounts that lose most first, then the plans.
 *
 * @param names of accounts whose key is a pseudonym, where whoever asks has named them.
 */
export function renderMargin(
  report: Framed<MarginReport>,
  output: CliOutput,
  timeZone: string,
  names: ReadonlyMap<string, string> = new Map(),
): string {
  const { by, accounts, plans, total, frame } = report;
  const lines = [`Margin by ${by}, ${spanOf(frame, timeZone)}`, '', report.summary, ''];
  if (accounts.length > 0) {
    lines.push(
      renderTable(
        [
          left(
            by,
            accounts.map(({ key }) => printable(names.get(key) ?? key)),
          ),
          ...(by === 'plan'
            ? []
            : [
                left(
                  'plan',
                  accounts.map(({ plan }) => printable(plan ?? '–')),
                ),
              ]),
          right(
            'calls',
            accounts.map(({ calls }) => displayCount(calls)),
          ),
          ...figureColumns(accounts),
          right(
            'pays for calls',
            accounts.map(({ break_even_calls: calls }) =>
              calls === null ? '–' : displayCount(calls),
            ),
          ),
          left(
            '',
            accounts.map(({ verdict }) => verdicts[verdict]),
          ),
        ],
        output,
      ),
    );
    if (report.truncated) {
      lines.push(
        `The first ${displayCount(accounts.length)} of ${displayCount(total.accounts)}; raise --limit for more.`,
      );
    }
  }
  if (by !== 'plan' && plans.some(({ plan }) => plan !== null)) {
    lines.push(
      style(output, 'bold', 'By plan'),
      renderTable(
        [
          left(
            'plan',
            plans.map(({ plan }) => printable(plan ?? '(unknown)')),
          ),
          right(
            `${by}s`,
            plans.map((row) => displayCount(row.accounts)),
          ),
          right(
            'losing',
            plans.map((row) => displayCount(row.losing_accounts)),
          ),
          right('lost', displayMoney(plans.map((row) => row.lost_usd))),
          ...figureColumns(plans),
        ],
        output,
      ),
    );
  }
  if (Number(total.unattributed_usd) !== 0) {
    lines.push(
      `${displayUsd(total.unattributed_usd)} of the cost names no ${by === 'plan' ? 'segment' : by}.`,
    );
  }
  return `${[...lines, ...renderFrame(frame, output)].join('\n')}\n`;
}

function figureColumns(rows: readonly MarginFigures[]): Column[] {
  return [
    right('revenue', displayMoney(rows.map((row) => row.revenue_usd))),
    right('cost', displayMoney(rows.map((row) => row.cost_usd))),
    right('margin', displayMoney(rows.map((row) => row.margin_usd))),
    right(
      'of revenue',
      rows.map((row) => displayPercent(row.margin_share)),
    ),
    right(
      'breaks even at',
      rows.map(({ break_even_usage: usage }) =>
        usage === null
          ? '–'
          : `${usage < 100 ? usage.toFixed(2) : displayCount(Math.round(usage))} ×`,
      ),
    ),
  ];
}

function left(header: string, cells: string[]): Column {
  return { header, align: 'left', cells };
}

function right(header: string, cells: string[]): Column {
  return { header, align: 'right', cells };
}
