import { monthWindow } from '@farthing/core';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { withCorrections } from './corrections-access.js';
import { jsonOption } from '../options.js';
import { printJson } from '../prices/access.js';
import { renderRestatement } from './render-restatement.js';

/** `farthing restatement`: a closed month as closed and as known now, and what lies between. */
export function restatementCommand(context: CliContext): Command {
  return new Command('restatement')
    .description('How a closed month stands now, and what accounts for the difference')
    .argument('<month>', 'e.g. 2026-10 (UTC)')
    .addOption(jsonOption())
    .action(async (month: string, options: { json?: boolean }) => {
      monthWindow(month);
      const restatement = await withCorrections(context, (corrections) =>
        corrections.restatement(month),
      );
      if (options.json === true) return printJson(context, restatement);
      context.output.write(renderRestatement(restatement, context.output));
    });
}
