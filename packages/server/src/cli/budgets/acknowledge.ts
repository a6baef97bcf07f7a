import { Command } from 'commander';
import { openBudgets } from './access.js';
import type { CliContext } from '../context.js';
import { displayTime } from '../output/display.js';
import { jsonOption } from '../options.js';
import { printJson } from '../prices/access.js';

/** `farthing budgets acknowledge`: lets a refused call pass once. */
export function acknowledgeCommand(context: CliContext): Command {
  return new Command('acknowledge')
    .description('Confirm a refused call: the same request then passes once')
    .argument('<token>', 'the token of the refusal: its header x-farthing-acknowledge')
    .addOption(jsonOption())
    .action(async (token: string, _flags: object, command: Command) => {
      const access = await openBudgets(context);
      const confirmed = await access.acknowledge(token, context.user);
      if (command.optsWithGlobals<{ json?: true }>().json === true) {
        return printJson(context, confirmed);
      }
      const names = confirmed.budgets.map((name) => `"${name}"`).join(', ');
      context.output.write(
        `Confirmed for budget ${names}: the same request passes once until ${displayTime(confirmed.expires_at, 'UTC')} UTC.\n`,
      );
    });
}
