import { Command } from 'commander';
import type { BudgetStatus } from '../../budgets/index.js';
import { openBudgets } from './access.js';
import type { CliContext } from '../context.js';
import { displayTime } from '../output/display.js';
import { jsonOption, wholeNumber } from '../options.js';
import { printJson } from '../prices/access.js';
import { renderBudgets } from './render-budgets.js';
import { printable } from '../output/table.js';

interface ShowFlags {
  top: number;
  json?: true;
}

/** `farthing budgets show`: one budget, with its accounts by how full they are. */
export function showCommand(context: CliContext): Command {
  return new Command('show')
    .description('One budget: where it comes from, what was raised, its accounts by use')
    .argument('<name>', 'the budget')
    .option('--top <count>', 'how many accounts', wholeNumber('top', 1, 10_000), 20)
    .addOption(jsonOption())
    .action(async (name: string, { top }: ShowFlags, command: Command) => {
      const access = await openBudgets(context);
      const { budget, ...present } = await access.show(name, top);
      if (command.optsWithGlobals<ShowFlags>().json === true) {
        return printJson(context, { ...present, budget });
      }
      for (const problem of present.problems) {
        context.output.note(`Look at your budgets: ${problem}`);
      }
      const left = budget.account_count - budget.accounts.length;
      context.output.write(
        `${originText(budget)}\n${renderBudgets({ ...present, budgets: [budget] }, context.output, true)}` +
          (left > 0 ? `${left} more accounts are less full: --top ${budget.account_count}\n` : ''),
      );
    });
}

function originText({ name, origin }: BudgetStatus): string {
  const from =
    origin.from === 'config'
      ? 'of the configuration'
      : `set by ${printable(origin.by)}, ${displayTime(origin.at, 'UTC')} UTC`;
  return `Budget "${printable(name)}", ${from}.`;
}
