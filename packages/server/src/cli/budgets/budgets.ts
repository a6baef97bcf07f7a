import { Command } from 'commander';
import { acknowledgeCommand } from './acknowledge.js';
import { breakersCommand } from './breakers.js';
import { pauseCommand, raiseCommand, removeCommand, resumeCommand } from './change.js';
import { listCommand } from './list.js';
import { liftCommand, restrictCommand, restrictionsCommand } from './restrictions.js';
import { setBudgetCommand } from './set.js';
import { showCommand } from './show.js';
import { historyCommand, whyCommand } from './why.js';
import type { CliContext } from '../context.js';

/** `farthing budgets`: what calls may cost, what is spent of it, and why a call was refused. */
export function budgetsCommand(context: CliContext): Command {
  const budgets = new Command('budgets').description(
    'What calls may cost: list, change, and explain what was decided',
  );
  budgets.addCommand(listCommand(context).exitOverride(), { isDefault: true });
  const commands = [
    showCommand(context),
    setBudgetCommand(context),
    raiseCommand(context),
    pauseCommand(context),
    resumeCommand(context),
    removeCommand(context),
    whyCommand(context),
    historyCommand(context),
    acknowledgeCommand(context),
    breakersCommand(context),
    restrictionsCommand(context),
    restrictCommand(context),
    liftCommand(context),
  ];
  for (const command of commands) budgets.addCommand(command.exitOverride());
  return budgets;
}
