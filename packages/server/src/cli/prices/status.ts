import type { PriceBookStatus } from '@farthing/core';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { findControlPlane } from '../books/control-plane.js';
import { exitCodes } from '../output/exit-codes.js';
import { jsonOption } from '../options.js';
import { printJson, withDesk } from './access.js';
import { sourceLine } from './render-price-sources.js';
import { printable } from '../output/table.js';

/** `farthing prices status`: where prices come from, and whether each source is well. */
export function statusCommand(context: CliContext): Command {
  return new Command('status')
    .description('Where prices come from, in rising precedence; exit 1 when a source has a problem')
    .addOption(jsonOption())
    .action(async (flags: { json?: true }) => {
      const control = await findControlPlane(context);
      if (control !== null) context.output.note(`Asking the control plane at ${control.url}.`);
      const status =
        control === null
          ? await withDesk(context, (desk) => desk.status(), { quiet: true })
          : ((await control.get('/api/v1/prices')) as PriceBookStatus);
      const wrong = status.sources.some(({ problem }) => problem !== null);
      if (wrong || status.problem !== null) context.setExitCode(exitCodes.failure);
      if (flags.json === true) return printJson(context, status);
      const lines = [
        ...status.sources.flatMap((source) => [
          sourceLine(source),
          ...source.notes.map((note) => printable(`        note: ${note}`)),
        ]),
        ...(status.problem === null ? [] : [printable(status.problem)]),
      ];
      context.output.write(`${lines.join('\n')}\n`);
    });
}
