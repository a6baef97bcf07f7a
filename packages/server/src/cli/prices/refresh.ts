import { describePriceChange, type BaseRefresh, type PriceSourceStatus } from '@farthing/core';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { displayCount } from '../output/display.js';
import { exitCodes, usageError } from '../output/exit-codes.js';
import { jsonOption } from '../options.js';
import { printJson, requireLocal, withDesk } from './access.js';
import type { PriceDesk } from './desk.js';
import { sourceLine } from './render-price-sources.js';
import { printable } from '../output/table.js';

interface RefreshFlags {
  from?: string;
  files?: true;
  dryRun?: true;
  accept?: true;
  rollback?: true;
  all?: true;
  json?: true;
}

/** What a refresh did, as `--json` prints it. */
interface Refreshed {
  base: BaseRefresh | { outcome: 'failed'; problem: string } | null;
  sources: PriceSourceStatus[];
}

const mostChanges = 40;

/** `farthing prices refresh`: takes over newer published prices, and reads files and URLs anew. */
export function refreshCommand(context: CliContext): Command {
  return new Command('refresh')
    .description('Take over newer published prices; read the files and URLs of price_book anew')
    .option('--from <file-or-url>', 'the published list (default: price_book.base_url)')
    .option('--files', 'only the files and URLs of price_book.files, not the published list')
    .option('--dry-run', 'show what would change, write nothing')
    .option('--accept', 'take over what the guard holds back: rows lost, rates moved tenfold')
    .option('--rollback', 'go back to the published list before the last refresh')
    .option('--all', 'list every change')
    .addOption(jsonOption())
    .action(async (flags: RefreshFlags) => {
      requireLocal(context, 'refresh');
      if (flags.files === true && (flags.from ?? flags.rollback) !== undefined) {
        throw usageError('--files leaves the published list alone: not with --from or --rollback.');
      }
      const done = await withDesk(context, (desk) => refresh(context, desk, flags), {
        quiet: true,
      });
      const base = done.base?.outcome;
      const wrong = done.sources.some(({ problem }) => problem !== null);
      if (base === 'failed' || base === 'refused' || wrong) context.setExitCode(exitCodes.failure);
      if (flags.json === true) printJson(context, done);
      else context.output.write(render(done, flags));
    });
}

async function refresh(
  context: CliContext,
  desk: PriceDesk,
  flags: RefreshFlags,
): Promise<Refreshed> {
  const [accept, dryRun] = [flags.accept === true, flags.dryRun === true];
  if (flags.rollback === true) return { base: desk.undoBaseRefresh(), sources: [] };
  const base =
    flags.files === true
      ? null
      : await desk
          .refreshBase({ from: flags.from, dryRun, accept, by: context.user })
          .catch((error: unknown) => ({
            outcome: 'failed' as const,
            problem: (error as Error).message,
          }));
  // A list that was named is all that is meant; and what is only tried must not touch anything.
  const alone = flags.from !== undefined || dryRun;
  const sources = alone ? [] : await desk.refreshSources({ accept, by: context.user });
  return { base, sources };
}

function render({ base, sources }: Refreshed, { all, dryRun }: RefreshFlags): string {
  const lines = base === null ? [] : baseLines(base, all === true);
  if (dryRun === true) lines.push('Nothing was written (--dry-run).');
  lines.push(...sources.map(sourceLine));
  if (lines.length === 0) lines.push('farthing.yaml names no files of prices (price_book.files).');
  return `${lines.join('\n')}\n`;
}

function baseLines(base: NonNullable<Refreshed['base']>, all: boolean): string[] {
  if (base.outcome === 'failed') {
    return [
      `The published prices were not refreshed: ${printable(base.problem.replaceAll('\n', ' '))}`,
      'The last good ones stay in use. Without internet, bring the list as a file: --from newer.json.',
    ];
  }
  const { changes, book_before, book_after, models, findings, from } = base;
  const shown = all ? changes : changes.slice(0, mostChanges);
  const lines = shown.map((change) => printable(describePriceChange(change)));
  if (shown.length < changes.length) {
    lines.push(`and ${displayCount(changes.length - shown.length)} more: --all lists them`);
  }
  const count = `${displayCount(models)} models, ${displayCount(changes.length)} ${changes.length === 1 ? 'change' : 'changes'}`;
  switch (base.outcome) {
    case 'unchanged':
      return [`The published prices are those in use (${book_before}).`];
    case 'rolled_back':
      return [...lines, `Back to ${book_after} from ${book_before}: ${count}.`];
    case 'would_write':
      return [...lines, `${printable(from)} has ${count} over ${book_before}.`];
    case 'written':
      return [
        ...lines,
        ...base.warnings.map((warning) => printable(`Note: ${warning}`)),
        `${book_after} is in use instead of ${book_before}: ${count}. --rollback goes back.`,
      ];
    case 'refused':
      return [
        // First, because it is what to decide about; the changes below are what it is decided by.
        `Held back: ${printable(findings.join('; '))}.`,
        `${book_before} stays in use. If the new list is right, run it again with --accept.`,
        '',
        ...lines,
      ];
  }
}
