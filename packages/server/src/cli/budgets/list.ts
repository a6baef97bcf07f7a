import { didYouMean, FarthingError } from '@farthing/core';
import type { BudgetList } from '../../budgets/index.js';
import { Command } from 'commander';
import { openBudgets } from './access.js';
import type { CliContext } from '../context.js';
import { jsonOption } from '../options.js';
import { printJson } from '../prices/access.js';
import { renderBudgets } from './render-budgets.js';

/** `farthing budgets list`: every budget with what is spent, held and left. */
export function listCommand(context: CliContext): Command {
  return new Command('list')
    .description('Budgets with what is spent and held of each (also without "list")')
    .argument('[name]', 'one budget, with all of its accounts')
    .addOption(jsonOption())
    .action((name: string | undefined, _flags: object, command: Command) =>
      listBudgets(context, name, command.optsWithGlobals<{ json?: true }>()),
    );
}

async function listBudgets(
  context: CliContext,
  name: string | undefined,
  { json }: { json?: true },
): Promise<void> {
  const access = await openBudgets(context);
  const list = await access.list();
  const shown = name === undefined ? list : only(list, name);
  if (json === true) return printJson(context, shown);
  for (const problem of list.problems) context.output.note(`Look at your budgets: ${problem}`);
  context.output.write(renderBudgets(shown, context.output, name !== undefined));
}

function only(list: BudgetList, name: string): BudgetList {
  const budgets = list.budgets.filter((budget) => budget.name === name);
  if (budgets.length > 0) return { ...list, budgets };
  const known = list.budgets.map((budget) => budget.name);
  throw new FarthingError(
    'unknown_budget',
    `There is no budget "${name}".${didYouMean(name, known)} "farthing budgets --help" lists the commands.`,
  );
}
