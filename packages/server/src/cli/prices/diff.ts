import {
  describePriceChange,
  parseWindow,
  type PriceComparison,
  type PriceDifference,
} from '@farthing/core';
import { Command } from 'commander';
import type { CliContext, CliOutput } from '../context.js';
import { displayCount, displayMoney, displayUsd } from '../output/display.js';
import { usageError } from '../output/exit-codes.js';
import { openEntries } from '../export/exported-entries.js';
import { jsonOption } from '../options.js';
import { printJson, requireLocal, withDesk } from './access.js';
import { printable, renderTable, style } from '../output/table.js';

interface DiffFlags {
  from?: string;
  bundled?: true;
  since: string;
  until?: string;
  all?: true;
  json?: true;
}

/** As many changes are listed without --all. */
const mostChanges = 40;

/** `farthing prices diff`: what other prices would change, and what they would have cost. */
export function diffCommand(context: CliContext): Command {
  return new Command('diff')
    .description('What newer or other prices would change, and would have cost on past calls')
    .option(
      '--from <file-or-url>',
      'a published list or a file of your own (default: price_book.base_url)',
    )
    .option('--bundled', 'the published prices that came with this version')
    .option('--since <when>', 'price the calls since then with both', '30d')
    .option('--until <when>', 'until when (exclusive; default: now)')
    .option('--all', 'list every change')
    .addOption(jsonOption())
    .action(async (flags: DiffFlags) => {
      requireLocal(context, 'diff');
      if (flags.bundled === true && flags.from !== undefined) {
        throw usageError('Give --from or --bundled, not both.');
      }
      const window = parseWindow({ since: flags.since, until: flags.until }, context.now());
      await withDesk(context, async (desk) => {
        const from = flags.bundled === true ? 'bundled' : flags.from;
        const { difference, compare } = await desk.difference(from);
        const ledger = await compareOnLedger(context, window, compare);
        if (flags.json === true) return printJson(context, { ...difference, ledger });
        context.output.write(renderDiff(difference, ledger, flags, context.output));
      });
    });
}

async function compareOnLedger(
  context: CliContext,
  window: ReturnType<typeof parseWindow>,
  compare: (
    entries: Awaited<ReturnType<typeof openEntries>>['entries'],
  ) => Promise<PriceComparison>,
): Promise<PriceComparison | null> {
  // Prices can be compared where nothing has been recorded yet.
  if (!context.hasData()) return null;
  const exported = await openEntries(context, window);
  try {
    return await compare(exported.entries);
  } finally {
    await exported.close();
  }
}

function renderDiff(
  { from, book_before, book_after, changes }: PriceDifference,
  ledger: PriceComparison | null,
  flags: DiffFlags,
  output: CliOutput,
): string {
  const lines = [`${book_before}\n→ ${book_after}`, `(${from})`, ''];
  if (changes.length === 0) lines.push('No price differs.');
  const shown = flags.all === true ? changes : changes.slice(0, mostChanges);
  lines.push(...shown.map((change) => printable(describePriceChange(change))));
  if (shown.length < changes.length) {
    lines.push(`and ${displayCount(changes.length - shown.length)} more: --all lists them`);
  }
  lines.push(
    '',
    ...(ledger === null ? ['No calls are recorded yet.'] : ledgerLines(ledger, flags, output)),
  );
  return `${lines.join('\n').trimEnd()}\n`;
}

function ledgerLines(ledger: PriceComparison, { since }: DiffFlags, output: CliOutput): string[] {
  const { calls, before_usd, after_usd, change_usd, models } = ledger;
  const head = `The ${displayCount(calls)} calls since ${since}: ${displayUsd(before_usd)} → ${displayUsd(after_usd)} (${signed(change_usd)})`;
  const lines = [style(output, 'bold', head)];
  const gone = ledger.unpriced_after - ledger.unpriced_before;
  if (gone > 0) lines.push(`${displayCount(gone)} calls would lose their price.`);
  if (gone < 0) lines.push(`${displayCount(-gone)} calls that have none would get a price.`);
  if (models.length === 0) return lines;
  const column = (header: string, cells: string[], align: 'left' | 'right' = 'right') => ({
    header,
    align,
    cells,
  });
  lines.push(
    renderTable(
      [
        column(
          'model',
          models.map((model) => printable(`${model.provider}/${model.model}`)),
          'left',
        ),
        column(
          'calls',
          models.map((model) => displayCount(model.calls)),
        ),
        column('now', displayMoney(models.map((model) => model.before_usd))),
        column('then', displayMoney(models.map((model) => model.after_usd))),
        column('change', displayMoney(models.map((model) => model.change_usd))),
      ],
      output,
    ),
  );
  return lines;
}

function signed(amount: string): string {
  return amount.startsWith('-') || amount === '0' ? displayUsd(amount) : `+${displayUsd(amount)}`;
}
