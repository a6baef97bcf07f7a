import { relative } from 'node:path';
import { Command } from 'commander';
import { stopOnSignal } from '../../processes/running.js';
import type { Up } from '../../processes/up-process.js';
import type { CliOutput } from '../context.js';

export interface UpCommandContext {
  output: CliOutput;
  /** Starts everything; with `demo`, a fake provider, a month of history and live traffic as well. */
  startUp(options: { demo: boolean }): Promise<Up>;
}

/** `farthing up`: gateway, ledger and dashboard on this machine. */
export function upCommand(context: UpCommandContext): Command {
  return new Command('up')
    .description('Run everything: gateway, ledger, API and dashboard')
    .option('--demo', 'with a fake provider and lively traffic; needs no provider key')
    .action(async (flags: { demo?: true }) => {
      const { output } = context;
      const demo = flags.demo === true;
      const up = await context.startUp({ demo });
      output.write(demo ? demoGreeting(up) : greeting(up));
      stopOnSignal(
        {
          url: up.url,
          async stop() {
            output.note('Stopping: calls in flight finish, then the journal is closed.');
            await up.stop();
          },
        },
        (error) => output.note(`farthing: ${(error as Error).message}`),
      );
    });
}

function greeting({ url, gatewayUrl }: Up): string {
  return `
  Farthing is up.

  Dashboard   ${url}
  Gateway     ${gatewayUrl}

  Send your calls through the gateway, for example:

    export OPENAI_BASE_URL=${gatewayUrl}/openai/v1
    export ANTHROPIC_BASE_URL=${gatewayUrl}/anthropic
    export GOOGLE_GEMINI_BASE_URL=${gatewayUrl}/gemini

  Say what a call is for with a header:  x-farthing-feature: search

  Ctrl-C stops it.
`;
}

function demoGreeting({ url, gatewayUrl, dataDirectory }: Up): string {
  return `
  Farthing is up with demo data: a fake provider, a month of history, live traffic. No key, no cost.

  Dashboard   ${url}
  Gateway     ${gatewayUrl}

  In another terminal:  npm run farthing -- report --data ${shellPath(dataDirectory)} --by feature

  Ctrl-C stops it.
`;
}

/** As one types it from here: relative where that stays below this folder, quoted where it must be. */
function shellPath(directory: string): string {
  const below = relative(process.cwd(), directory);
  const path = below === '' ? '.' : below.startsWith('..') ? directory : below;
  return /^[\w./:@+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
