import { Command } from 'commander';
import { adjustCommand } from './corrections/adjust.js';
import { alertsCommand } from './alerts/alerts.js';
import { incidentsCommand } from './alerts/incidents.js';
import { answerCommands } from './answers/index.js';
import { budgetsCommand } from './budgets/budgets.js';
import { closeCommand } from './corrections/close.js';
import type { CliContext } from './context.js';
import { doctorCommand } from './health/doctor.js';
import { estimateCommand } from './estimates/estimate.js';
import { exportCommand } from './export/export.js';
import { forgetCommand } from './privacy/forget.js';
import { fakeProviderCommand } from './run/fake-provider.js';
import { gatewayCommand } from './run/gateway.js';
import { importCommand } from './import/import.js';
import { ledgerCommand } from './run/ledger.js';
import { outletsCommand } from './health/outlets.js';
import { priceCommand } from './prices/price.js';
import { pricesCommand } from './prices/prices.js';
import type { ReconcileContext } from './reconcile/reconcile-context.js';
import { reconcileCommand } from './reconcile/reconcile.js';
import { repriceCommand } from './corrections/reprice.js';
import { restatementCommand } from './corrections/restatement.js';
import { dailyCommand, monthlyCommand, reportCommand } from './report/report.js';
import type { RunContext } from './run/run-context.js';
import { rotateKeyCommand } from './privacy/rotate-key.js';
import { tailCommand } from './calls/tail.js';
import { untaggedCommand } from './calls/untagged.js';
import { upCommand, type UpCommandContext } from './run/up.js';
import { whoisCommand } from './privacy/whois.js';

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
    incidentsCommand(context),
    alertsCommand(context),
    estimateCommand(context),
    ...answerCommands(context),
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
