import type { BreakerStep } from '@farthing/core';
import { Command, Option } from 'commander';
import { durationOf } from '../../config/index.js';
import { openBudgets } from './access.js';
import { renderRestrictions } from './render-restrictions.js';
import { scopeOf } from './set.js';
import type { CliContext } from '../context.js';
import { displayTime } from '../output/display.js';
import { usageError } from '../output/exit-codes.js';
import { printable } from '../output/table.js';
import { jsonOption, repeatable, wholeNumber } from '../options.js';
import { printJson } from '../prices/access.js';

interface OrderFlags {
  for?: number;
  cause?: string;
  note?: string;
  json?: true;
}

interface RestrictFlags extends OrderFlags {
  scope: string[];
  step: BreakerStep;
  oneIn?: number;
  downgrade?: string;
}

/** `farthing budgets restrictions`: what restricts calls beside budgets, and which runs are stopped. */
export function restrictionsCommand(context: CliContext): Command {
  return new Command('restrictions')
    .description('What restricts calls beside budgets, and which runs are stopped: who, why, until')
    .addOption(jsonOption())
    .action(async (_flags: object, command: Command) => {
      const list = await (await openBudgets(context)).restrictions();
      if (isJson(command)) return printJson(context, list);
      context.output.write(renderRestrictions(list, context.output));
    });
}

/** `farthing budgets restrict`: throttle, degrade or block calls of a scope for a time. */
export function restrictCommand(context: CliContext): Command {
  return new Command('restrict')
    .description('Throttle, degrade or block the calls of a scope for a time')
    .option(
      '--scope <dimension=value>',
      'which calls, like feature=search (default: all)',
      repeatable,
      [],
    )
    .addOption(
      new Option('--step <step>', 'what becomes of them')
        .choices(['downgrade', 'truncate', 'throttle', 'block'])
        .makeOptionMandatory(),
    )
    .option(
      '--one-in <count>',
      'of a throttle: one call in so many passes (default: 4)',
      wholeNumber('one-in', 2, 1_000_000),
    )
    .option('--downgrade <models>', 'of a downgrade: models, the dearest first, with commas')
    .addOption(forOption())
    .option('--cause <text>', 'why, as a sentence that callers are told')
    .option('--note <text>', 'for the record alone')
    .addOption(jsonOption())
    .action(async (flags: RestrictFlags, command: Command) => {
      const { scope, step, oneIn, downgrade } = flags;
      const access = await openBudgets(context);
      const restriction = await access.restrict(
        {
          scope: scopeOf(scope),
          step,
          ...(oneIn === undefined ? {} : { one_in: oneIn }),
          ...(downgrade === undefined ? {} : { downgrade: downgrade.split(',') }),
          ...orderOf(flags),
        },
        context.user,
      );
      if (isJson(command)) return printJson(context, restriction);
      const whose = scope.length === 0 ? 'all calls' : `calls with ${printable(scope.join(' '))}`;
      context.output.write(
        `Restriction ${restriction.id}: ${step} for ${whose} until ${displayTime(restriction.until, 'UTC')} UTC, by ${byText(context)}.\n`,
      );
    });
}

/** `farthing budgets lift`: ends a restriction before its time. */
export function liftCommand(context: CliContext): Command {
  return new Command('lift')
    .description('End a restriction before its time')
    .argument('<id>', 'the restriction')
    .option('--note <text>', 'for the record')
    .addOption(jsonOption())
    .action(async (id: string, { note }: OrderFlags, command: Command) => {
      const recorded = await (await openBudgets(context)).lift(id, context.user, note);
      if (isJson(command)) return printJson(context, recorded);
      context.output.write(`Lifted restriction ${printable(id)}, by ${byText(context)}.\n`);
    });
}

/** `farthing runs stop` and `release`. */
export function runOrderCommands(context: CliContext): Command[] {
  const stop = new Command('stop')
    .description('Refuse the calls of a run for a time')
    .argument('<run>', 'the run, or the session of calls without a run')
    .addOption(forOption())
    .option('--cause <text>', 'why, as a sentence that callers are told')
    .option('--note <text>', 'for the record alone')
    .addOption(jsonOption())
    .action(async (run: string, flags: OrderFlags, command: Command) => {
      const access = await openBudgets(context);
      const stopped = await access.stopRun(run, orderOf(flags), context.user);
      if (isJson(command)) return printJson(context, stopped);
      context.output.write(
        `Stopped run ${printable(stopped.run)} until ${displayTime(stopped.until, 'UTC')} UTC, by ${byText(context)}.\n`,
      );
    });
  const release = new Command('release')
    .description('Let a stopped run go on')
    .argument('<run>', 'the run')
    .option('--note <text>', 'for the record')
    .addOption(jsonOption())
    .action(async (run: string, { note }: OrderFlags, command: Command) => {
      const recorded = await (await openBudgets(context)).releaseRun(run, context.user, note);
      if (isJson(command)) return printJson(context, recorded);
      context.output.write(`Released run ${printable(run)}, by ${byText(context)}.\n`);
    });
  return [stop, release];
}

function forOption(): Option {
  return new Option('--for <duration>', 'how long: 30m, 1h, 2d (default: 1h)').argParser(
    (text: string) => {
      const milliseconds = durationOf(text);
      if (milliseconds >= 1_000) return milliseconds / 1_000;
      throw usageError(`--for takes a duration like 30m, 1h or 2d, not "${text}".`);
    },
  );
}

function orderOf({ for: seconds, cause, note }: OrderFlags) {
  return {
    ...(seconds === undefined ? {} : { seconds }),
    ...(cause === undefined ? {} : { cause }),
    ...(note === undefined ? {} : { note }),
  };
}

function byText({ user }: CliContext): string {
  return printable(user);
}

function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: true }>().json === true;
}
