import { Command } from 'commander';
import type { Recorded, StatedLimits } from '../../budgets/index.js';
import { openBudgets } from './access.js';
import type { CliContext } from '../context.js';
import { displayTime } from '../output/display.js';
import { usageError } from '../output/exit-codes.js';
import { scopeOf } from './set.js';
import { jsonOption, repeatable } from '../options.js';
import { printJson } from '../prices/access.js';

interface RaiseFlags {
  by?: string;
  to?: string;
  measure: string;
  for: string[];
  json?: true;
}

/** `farthing budgets raise`: more for what is left of the window. */
export function raiseCommand(context: CliContext): Command {
  return new Command('raise')
    .description('Raise a budget for what is left of its window')
    .argument('<name>', 'the budget')
    .option('--by <amount>', 'how much more')
    .option('--to <amount>', 'the limit until the window ends')
    .option('--measure <measure>', 'usd, tokens or calls', 'usd')
    .option(
      '--for <dimension=value>',
      'one account alone, of a budget for each: user=ada',
      repeatable,
      [],
    )
    .addOption(jsonOption())
    .action(async (name: string, flags: RaiseFlags, command: Command) => {
      const { by, to, measure } = flags;
      if ((by === undefined) === (to === undefined)) {
        throw usageError('State how much: either --by 10 or --to 25.');
      }
      const access = await openBudgets(context);
      const limits = limitsOf(measure, (by ?? to)!);
      const raise = by === undefined ? { to: limits } : { by: limits };
      const account = flags.for.length === 0 ? undefined : scopeOf(flags.for, '--for');
      const raised = await access.raise(name, raise, context.user, account);
      if (command.optsWithGlobals<RaiseFlags>().json === true) return printJson(context, raised);
      const end =
        raised.until === null ? 'for ever' : `until ${displayTime(raised.until, 'UTC')} UTC`;
      const whose = flags.for.length === 0 ? '' : ` for ${flags.for.join(' ')}`;
      context.output.write(`Raised budget "${name}"${whose} ${end}.\n`);
    });
}

export function pauseCommand(context: CliContext): Command {
  return changeCommand(context, {
    name: 'pause',
    description: 'Pause a budget: it goes on counting, and refuses nothing',
    done: 'Paused',
    work: (access, name) => access.pause(name, context.user),
  });
}

export function resumeCommand(context: CliContext): Command {
  return changeCommand(context, {
    name: 'resume',
    description: 'Let a paused budget refuse again',
    done: 'Resumed',
    work: (access, name) => access.resume(name, context.user),
  });
}

export function removeCommand(context: CliContext): Command {
  return changeCommand(context, {
    name: 'remove',
    description: 'Remove a budget, also one of farthing.yaml',
    done: 'Removed',
    work: (access, name) => access.remove(name, context.user),
  });
}

interface Change {
  name: string;
  description: string;
  done: string;
  work(access: Awaited<ReturnType<typeof openBudgets>>, name: string): Promise<Recorded>;
}

function changeCommand(context: CliContext, change: Change): Command {
  return new Command(change.name)
    .description(change.description)
    .argument('<name>', 'the budget')
    .addOption(jsonOption())
    .action(async (name: string, _flags: object, command: Command) => {
      const recorded = await change.work(await openBudgets(context), name);
      if (command.optsWithGlobals<{ json?: true }>().json === true) {
        return printJson(context, recorded);
      }
      context.output.write(`${change.done} budget "${name}".\n`);
    });
}

function limitsOf(measure: string, amount: string): StatedLimits {
  if (measure === 'usd') return { usd: amount };
  if (measure === 'tokens' || measure === 'calls') return { [measure]: Number(amount) };
  throw usageError(`--measure takes usd, tokens or calls, not "${measure}".`);
}
