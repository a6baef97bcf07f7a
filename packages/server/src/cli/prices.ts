import { Command } from 'commander';
import type { CliContext } from './context.js';
import { checkCommand } from './prices-check.js';
import { diffCommand } from './prices-diff.js';
import { listCommand } from './prices-list.js';
import { missingCommand } from './prices-missing.js';
import { refreshCommand } from './prices-refresh.js';
import { setCommand, unsetCommand } from './prices-set.js';
import { showCommand } from './prices-show.js';
import { statusCommand } from './prices-status.js';

/** `farthing prices`: what is known, what is missing, one's own, and what newer ones would change. */
export function pricesCommand(context: CliContext): Command {
  const prices = new Command('prices').description(
    'Look at prices, add your own, find missing ones, take over newer ones',
  );
  const commands = [
    showCommand(context),
    listCommand(context),
    missingCommand(context),
    setCommand(context),
    unsetCommand(context),
    checkCommand(context),
    diffCommand(context),
    refreshCommand(context),
    statusCommand(context),
  ];
  for (const command of commands) prices.addCommand(command.exitOverride());
  return prices;
}
