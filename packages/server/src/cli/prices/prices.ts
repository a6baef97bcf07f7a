import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { checkCommand } from './check.js';
import { diffCommand } from './diff.js';
import { listCommand } from './list.js';
import { missingCommand } from './missing.js';
import { refreshCommand } from './refresh.js';
import { setCommand, unsetCommand } from './set.js';
import { showCommand } from './show.js';
import { statusCommand } from './status.js';

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
