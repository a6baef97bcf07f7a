import { Command } from 'commander';
import { adjustCommand } from './adjust.js';
import { auditCommand } from './audit.js';
import { budgetsCommand } from './budgets.js';
import { closeCommand } from './close.js';
import type { CliContext } from './context.js';
import { doctorCommand } from './doctor.js';
import { driftCommand } from './drift.js';
import { estimateCommand } from './estimate.js';
import { exportCommand } from './export.js';
import { forgetCommand } from './forget.js';
import { fakeProviderCommand } from './fake-provider.js';
import { gatewayCommand } from './gateway.js';
import { importCommand } from './import.js';
import { ledgerCommand } from './ledger.js';
import { outletsCommand } from './outlets.js';
import { priceCommand } from './price.js';
import { pricesCommand } from './prices.js';
import type { ReconcileContext } from './reconcile-context.js';
import { reconcileCommand } from './reconcile.js';
import { repriceCommand } from './reprice.js';
import { restatementCommand } from './restatement.js';
import { dailyCommand, monthlyCommand, reportCommand } from './report.js';
import type { RunContext } from './run-context.js';
import { rotateKeyCommand } from './rotate-key.js';
import { tailCommand } from './tail.js';
import { untaggedCommand } from './untagged.js';
import { upCommand, type UpCommandContext } from './up.js';
import { whoisCommand } from './whois.js';

/** Options that hold for every command, before or after its name. */
export interface GlobalOptions {
  config?: string;
  data?: string;
  url?: string;
}

/** The command line: `farthing <command>`. */
export function createProgram(
  context: CliContext & RunContext & UpCommandContext & ReconcileContext,
): Command {
  const program = new Command('farthing')
    .description('Accounts for every farthing of LLM spend: gateway, ledger, dashboard, reports.')
    .version(context.version)
    .option('--config <file>', 'configuration file (default: FARTHING_CONFIG, ./farthing.yaml)')
    .option('--data <directory>', 'data directory (default: FARTHING_DATA, ./farthing-data)')
    .option(
      '--url <url>',
      'control plane to ask (default: FARTHING_URL, or the one of the data directory)',
    )
    .exitOverride()
    .showHelpAfterError('(farthing --help lists the commands)');
  const commands = [
    upCommand(context),
    gatewayCommand(context),
    ledgerCommand(context),
    reportCommand(context),
    dailyCommand(context),
    monthlyCommand(context),
    tailCommand(context),
    importCommand(context),
    exportCommand(context),
    reconcileCommand(context),
    budgetsCommand(context),
    estimateCommand(context),
    driftCommand(context),
    auditCommand(context),
    pricesCommand(context),
    repriceCommand(context),
    adjustCommand(context),
    closeCommand(context),
    restatementCommand(context),
    priceCommand(undefined, () => context.openPriceDesk()),
    outletsCommand(context),
    untaggedCommand(context),
    whoisCommand(context),
    forgetCommand(context),
    rotateKeyCommand(context),
    doctorCommand(context),
    fakeProviderCommand(),
  ];
  for (const command of commands) program.addCommand(command.exitOverride());
  return program;
}
