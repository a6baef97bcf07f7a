import { monthWindow, parseMoment, type Closing } from '@farthing/core';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { withCorrections } from './corrections-access.js';
import { displayCount, displayTime } from '../output/display.js';
import { exactUsd } from '../output/exact-usd.js';
import { jsonOption } from '../options.js';
import { printJson } from '../prices/access.js';

interface CloseOptions {
  asOf?: string;
  again?: boolean;
  by?: string;
  json?: boolean;
}

/** `farthing close`: records what a month cost, as known at a time. */
export function closeCommand(context: CliContext): Command {
  return new Command('close')
    .description('Close a month: record its figures as they are known now')
    .argument('<month>', 'e.g. 2026-10 (UTC)')
    .option('--as-of <time>', 'as known at this time, after the month (default: now)')
    .option('--again', 'close a month once more that was closed before')
    .option('--by <name>', 'who does it (default: you)')
    .addOption(jsonOption())
    .action(async (text: string, options: CloseOptions) => {
      // 2026-9 can mean one month only.
      const month = text.trim().replace(/^(\d{4})-(\d)$/, '$1-0$2');
      monthWindow(month);
      const asOf =
        options.asOf === undefined ? undefined : parseMoment(options.asOf, context.now());
      const closing = await withCorrections(context, (corrections) =>
        corrections.close({
          month,
          asOf,
          again: options.again ?? false,
          by: options.by ?? context.user,
        }),
      );
      if (closing.rows.length === 0) {
        context.output.note(
          `No call and no adjustment stands in ${month}: it is closed with nothing in it. If its calls are still to come (an import, another data directory), close it --again after them.`,
        );
      }
      if (options.json === true) return printJson(context, closing);
      context.output.write(renderClosing(closing));
    });
}

function renderClosing({ month, as_of: asOf, totals }: Closing): string {
  const { calls, unpriced_calls: unpriced, cost } = totals;
  const gap =
    unpriced === 0
      ? ''
      : unpriced === 1
        ? ' 1 call has no price and is not in it.'
        : ` ${displayCount(unpriced)} calls have no price and are not in it.`;
  return `${month} is closed as of ${displayTime(asOf, 'UTC')} UTC: ${displayCount(calls)} calls, ${exactUsd(cost)}.${gap}
What becomes known later is shown by "farthing restatement ${month}"; the closed figures by "farthing report --since ${month} --until ${monthWindow(month).to.slice(0, 7)} --as-of closed".
`;
}
