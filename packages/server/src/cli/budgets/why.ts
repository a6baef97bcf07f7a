import { Command, Option } from 'commander';
import { openBudgets } from './access.js';
import type { CliContext } from '../context.js';
import { exitCodes } from '../output/exit-codes.js';
import { jsonOption, wholeNumber } from '../options.js';
import { printJson } from '../prices/access.js';
import { renderDecision, renderHistory } from './render-decision.js';

/** `farthing budgets why`: every account that was asked about a call, and what it said. */
export function whyCommand(context: CliContext): Command {
  return new Command('why')
    .description('Why a call was refused, changed or warned about')
    .argument('<call>', 'its id: the header x-farthing-call-id of the answer')
    .addOption(jsonOption())
    .action(async (call: string, _flags: object, command: Command) => {
      const access = await openBudgets(context);
      const decision = await access.why(call);
      if (command.optsWithGlobals<{ json?: true }>().json === true) printJson(context, decision);
      else if (decision !== null) context.output.write(renderDecision(decision, context.output));
      else {
        context.output.note(
          `No decision about call ${call} is on record: budgets let it pass as it was and had nothing to say, it never came this way, or it is too long ago.`,
        );
      }
      if (decision === null) context.setExitCode(exitCodes.failure);
    });
}

interface HistoryFlags {
  limit: number;
  budget?: string;
  outcome?: string;
  json?: true;
}

/** `farthing budgets history`: the latest decisions that refused, changed or warned. */
export function historyCommand(context: CliContext): Command {
  return new Command('history')
    .description('The latest decisions that refused, changed or warned, newest first')
    .option('--limit <count>', 'how many', wholeNumber('limit', 1, 1_000), 20)
    .option('--budget <name>', 'of this budget')
    .addOption(
      new Option('--outcome <outcome>', 'of this outcome').choices(['admitted', 'refused']),
    )
    .addOption(jsonOption())
    .action(async (flags: HistoryFlags, command: Command) => {
      const { limit, budget, outcome } = flags;
      const access = await openBudgets(context);
      const decisions = await access.history({ limit, budget, outcome });
      if (command.optsWithGlobals<HistoryFlags>().json === true) {
        return printJson(context, { decisions });
      }
      context.output.write(renderHistory(decisions, context.output));
    });
}
