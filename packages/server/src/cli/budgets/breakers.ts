import { Command } from 'commander';
import type { BreakerView, BudgetAccess } from '../../budgets/index.js';
import { openBudgets } from './access.js';
import { scopeOf } from './set.js';
import type { CliContext } from '../context.js';
import { displayTime, displayUsd } from '../output/display.js';
import { jsonOption, repeatable, wholeNumber } from '../options.js';
import { printJson } from '../prices/access.js';
import { printable, renderTable } from '../output/table.js';

interface OrderFlags {
  scope: string[];
  cause?: string;
  seconds?: number;
  json?: true;
}

/** `farthing budgets breakers`: circuit breakers and their state; trip and reset. */
export function breakersCommand(context: CliContext): Command {
  const breakers = new Command('breakers')
    .description(
      'Circuit breakers and which have tripped; "trip NAME" and "reset NAME" change them',
    )
    .addOption(jsonOption())
    .action(async (_flags: object, command: Command) => {
      const access = await openBudgets(context);
      const views = await access.breakers();
      if (isJson(command)) return printJson(context, { breakers: views });
      context.output.write(render(views, context));
    });
  const trip = new Command('trip')
    .description('Trip a breaker: it takes its next step')
    .argument('<name>', 'the breaker')
    .option(
      '--scope <dimension=value>',
      'which one, of a breaker for each (default: all that have seen calls)',
      repeatable,
      [],
    )
    .option('--cause <text>', 'why, for the record')
    .option(
      '--seconds <count>',
      'how long at least (default: its cool-down)',
      wholeNumber('seconds', 1, 2_678_400),
    )
    .addOption(jsonOption())
    .action(async (name: string, { scope, cause, seconds }: OrderFlags, command: Command) => {
      const access = await openBudgets(context);
      const tripped = await access.trip(
        name,
        {
          ...(scope.length === 0 ? {} : { scope: scopeOf(scope) }),
          ...(cause === undefined ? {} : { cause }),
          ...(seconds === undefined ? {} : { seconds }),
        },
        context.user,
      );
      if (isJson(command)) return printJson(context, tripped);
      const whose = await meantBy(access, name, scope);
      context.output.write(
        `Tripped breaker "${name}"${whose} until ${displayTime(tripped.until, 'UTC')} UTC at least.\n`,
      );
    });
  const reset = new Command('reset')
    .description('Reset a breaker: calls pass as they are')
    .argument('<name>', 'the breaker')
    .option('--scope <dimension=value>', 'which one, of a breaker for each', repeatable, [])
    .addOption(jsonOption())
    .action(async (name: string, { scope }: OrderFlags, command: Command) => {
      const access = await openBudgets(context);
      const order = scope.length === 0 ? {} : { scope: scopeOf(scope) };
      const recorded = await access.reset(name, order, context.user);
      if (isJson(command)) return printJson(context, recorded);
      context.output.write(`Reset breaker "${name}"${await meantBy(access, name, scope)}.\n`);
    });
  breakers.addCommand(trip.exitOverride());
  breakers.addCommand(reset.exitOverride());
  return breakers;
}

/** Without a scope a breaker for each is meant as all that have seen calls: that is to be said. */
async function meantBy(
  access: Pick<BudgetAccess, 'breakers'>,
  name: string,
  scope: readonly string[],
): Promise<string> {
  if (scope.length > 0) return ` for ${printable(scope.join(' '))}`;
  const view = (await access.breakers()).find((known) => known.name === name);
  const each = Object.entries(view?.scope ?? {}).filter(([, value]) => value === '*');
  if (each.length === 0) return '';
  return ` for each ${each.map(([dimension]) => dimension).join(' and ')} seen so far`;
}

interface BreakerRow {
  view: BreakerView;
  tripped: BreakerView['tripped'][number] | null;
}

function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: true }>().json === true;
}

function render(views: readonly BreakerView[], { output }: CliContext): string {
  if (views.length === 0) {
    return 'There are no circuit breakers. Write them under `breakers:` in farthing.yaml.\n';
  }
  const rows = views.flatMap((view): BreakerRow[] =>
    view.tripped.length === 0
      ? [{ view, tripped: null }]
      : view.tripped.map((tripped) => ({ view, tripped })),
  );
  const pairs = (scope: Record<string, string>) =>
    Object.entries(scope)
      .map(([dimension, value]) => `${dimension}=${value}`)
      .join(' ');
  const time = (at: string | null | undefined) => (at == null ? '–' : displayTime(at, 'UTC'));
  const left = (header: string, cell: (row: BreakerRow) => string) =>
    ({ header, align: 'left', cells: rows.map(cell) }) as const;
  return renderTable(
    [
      left('breaker', ({ view }) => printable(view.name)),
      left('scope', ({ view, tripped }) => printable(pairs(tripped?.scope ?? view.scope)) || 'all'),
      left('trips above', ({ view }) => `${displayUsd(view.limit)} in ${view.window_s} s`),
      left('state', ({ tripped }) => tripped?.state.replace('_', ' ') ?? 'closed'),
      left('step', ({ view, tripped }) => tripped?.step ?? `(${view.steps.join(', ')})`),
      left('since (UTC)', ({ tripped }) => time(tripped?.since)),
      left('until (UTC)', ({ tripped }) => time(tripped?.until)),
      left('cause', ({ tripped }) => printable(tripped?.cause ?? '')),
    ],
    output,
  );
}
