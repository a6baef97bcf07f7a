import { Command } from 'commander';
import { runForeground } from './run-foreground.js';
import type { RunContext } from './run-context.js';

/** `farthing ledger`: the control plane alone. */
export function ledgerCommand(context: RunContext): Command {
  return new Command('ledger')
    .description('Run the control plane alone: book journals, serve reports and the dashboard')
    .action(() => runForeground(() => context.startControlPlane(context.loadConfig().config)));
}
