import { Command } from 'commander';
import { runForeground } from './run-foreground.js';
import type { RunContext } from './run-context.js';

/** `farthing gateway`: the data plane alone. */
export function gatewayCommand(context: RunContext): Command {
  return new Command('gateway')
    .description('Run the gateway alone: relay and meter calls, write the journal')
    .action(() => runForeground(() => context.startGateway(context.loadConfig().config)));
}
