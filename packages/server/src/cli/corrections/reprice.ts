import { parseWindow } from '@farthing/core';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { showProgress, withCorrections } from './corrections-access.js';
import { jsonOption } from '../options.js';
import { printJson } from '../prices/access.js';
import { renderReprice } from './render-reprice.js';
import { unheardModel, unheardProvider } from '../output/unheard-name.js';

interface RepriceOptions {
  since: string;
  until?: string;
  provider?: string;
  model?: string;
  dryRun?: boolean;
  reread?: boolean;
  why?: string;
  by?: string;
  json?: boolean;
}

/** `farthing reprice`: prices booked calls again and books what changed as adjusting entries. */
export function repriceCommand(context: CliContext): Command {
  return new Command('reprice')
    .description(
      'Price booked calls again; what costs something else now is adjusted, not rewritten',
    )
    .requiredOption('--since <when>', 'calls from when: 30d, month, a date or a date-time (UTC)')
    .option('--until <when>', 'until when (exclusive; default: now)')
    .option('--provider <name>', 'only calls of this provider')
    .option('--model <name>', 'only calls that this model answered')
    .option('--dry-run', 'tell what would change, but book nothing')
    .option('--reread', "read the provider's own numbers again, too")
    .option('--why <text>', 'the reason that stands in the books (default: what changed)')
    .option('--by <name>', 'who does it (default: you)')
    .addOption(jsonOption())
    .action(async (options: RepriceOptions) => {
      const window = parseWindow(options, context.now())!;
      const summary = await withCorrections(context, (corrections) =>
        corrections.reprice(
          {
            window,
            provider: options.provider,
            model: options.model,
            dryRun: options.dryRun ?? false,
            reread: options.reread ?? false,
            why: options.why,
            by: options.by ?? context.user,
          },
          showProgress(context),
        ),
      );
      if (context.output.tty) context.output.progress('');
      if (summary.examined === 0) await noteUnheard(context, options);
      if (options.json === true) printJson(context, summary);
      else context.output.write(renderReprice(summary, context.output));
    })
    .addHelpText(
      'after',
      `
Examples:
  farthing reprice --since 30d --dry-run
  farthing reprice --since 2026-10-01 --until 2026-11-01 --model gpt-6 --why "late price of gpt-6"`,
    );
}

/** Where there was nothing to price again, a mistyped name may be why. */
async function noteUnheard(
  context: CliContext,
  { provider, model }: RepriceOptions,
): Promise<void> {
  const notes = [
    provider === undefined ? null : await unheardProvider(context, provider),
    model === undefined ? null : await unheardModel(context, model),
  ];
  for (const note of notes) if (note !== null) context.output.note(note);
}
