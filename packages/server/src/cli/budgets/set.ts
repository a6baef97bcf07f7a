import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { parse } from 'yaml';
import { openBudgets } from './access.js';
import type { CliContext } from '../context.js';
import { usageError } from '../output/exit-codes.js';
import { jsonOption, repeatable } from '../options.js';
import { printJson } from '../prices/access.js';

interface SetFlags {
  scope: string[];
  limit?: string;
  tokens?: string;
  calls?: string;
  window?: string;
  soft?: string;
  action: string[];
  downgrade?: string;
  hold?: string;
  callMax?: string;
  callWarn?: string;
  callInputTokens?: string;
  callOutputTokens?: string;
  file?: string;
  json?: true;
}

/** `farthing budgets set`: a budget that holds within two seconds, over the one of its name. */
export function setBudgetCommand(context: CliContext): Command {
  return new Command('set')
    .description('Set a budget, or replace the one of this name')
    .argument('<name>', 'its name')
    .option(
      '--scope <dimension=value>',
      'whose calls; * for each of its own; repeatable',
      repeatable,
      [],
    )
    .option('--limit <usd>', 'limit in USD')
    .option('--tokens <count>', 'limit in tokens')
    .option('--calls <count>', 'limit in calls')
    .option('--window <window>', 'minute … month, total, or "rolling day" (default: month)')
    .option('--soft <share>', 'share of the limit from which on it warns (default: 0.8)')
    .option(
      '--action <action>',
      'what happens then: downgrade, truncate, warn, throttle, acknowledge, block; repeatable, in their order',
      repeatable,
      [],
    )
    .option('--downgrade <models>', 'models, the dearest first, with commas')
    .option('--hold <policy>', 'clamp, bound or expected (default: clamp)')
    .option('--call-max <usd>', 'most that a call may be expected to cost')
    .option('--call-warn <usd>', 'from which expected cost on it is said')
    .option('--call-input-tokens <count>', 'most input tokens of a call')
    .option('--call-output-tokens <count>', 'most output tokens of a call')
    .option('--file <file>', 'read all of it from this file (YAML or JSON, as in farthing.yaml)')
    .addOption(jsonOption())
    .action(async (name: string, flags: SetFlags, command: Command) => {
      const budget = flags.file === undefined ? fromFlags(name, flags) : fromFile(name, flags.file);
      const access = await openBudgets(context);
      const recorded = await access.set(budget, context.user);
      if (command.optsWithGlobals<SetFlags>().json === true) {
        return printJson(context, { ...recorded, budget });
      }
      context.output.write(
        `Set budget "${name}". A running gateway takes it up within two seconds; what was spent in its window counts.\n`,
      );
    });
}

function fromFile(name: string, file: string): Record<string, unknown> {
  const value: unknown = parse(readFileSync(file, 'utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usageError(`${file} holds no budget: write \`limit\`, \`window\` and so on, one budget.`);
  }
  return { ...(value as Record<string, unknown>), name };
}

function fromFlags(name: string, flags: SetFlags): Record<string, unknown> {
  const { limit, tokens, calls } = flags;
  const limits = defined({ usd: limit, tokens: whole(tokens), calls: whole(calls) });
  const call = defined({
    max: flags.callMax,
    warn: flags.callWarn,
    input_tokens: whole(flags.callInputTokens),
    output_tokens: whole(flags.callOutputTokens),
  });
  return defined({
    name,
    scope: flags.scope.length === 0 ? undefined : scopeOf(flags.scope),
    limit: Object.keys(limits).length === 0 ? undefined : limits,
    window: flags.window,
    soft: flags.soft === undefined ? undefined : Number(flags.soft),
    actions: flags.action.length === 0 ? undefined : flags.action,
    downgrade: flags.downgrade?.split(','),
    hold: flags.hold,
    call: Object.keys(call).length === 0 ? undefined : call,
  });
}

/** `agent=support` and the like. */
export function scopeOf(pairs: readonly string[], option = '--scope'): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals <= 0) throw usageError(`${option} takes dimension=value, not "${pair}".`);
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

function whole(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
