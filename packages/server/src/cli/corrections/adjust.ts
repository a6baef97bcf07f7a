import { parseMoment, parseUsd, TagCollector, tagNames, type Tags } from '@farthing/core';
import { Command, Option } from 'commander';
import type { CliContext } from '../context.js';
import { withCorrections } from './corrections-access.js';
import { displayTime } from '../output/display.js';
import { exactUsd } from '../output/exact-usd.js';
import { usageError } from '../output/exit-codes.js';
import { jsonOption, repeatable } from '../options.js';
import { printJson } from '../prices/access.js';
import { unheardProvider } from '../output/unheard-name.js';

interface AdjustOptions {
  amount: string;
  provider: string;
  at: string;
  why: string;
  model?: string;
  tag: string[];
  by?: string;
  dryRun?: boolean;
  json?: boolean;
  [tag: string]: unknown;
}

/** `farthing adjust`: books a credit, a refund or the difference to an invoice. */
export function adjustCommand(context: CliContext): Command {
  const command = new Command('adjust')
    .description(
      'Book an amount that belongs to no single call: a credit, a difference to an invoice',
    )
    .requiredOption('--amount <usd>', 'in USD; negative for what is given back')
    .requiredOption('--provider <name>', 'whose bill it is on')
    .requiredOption('--at <when>', 'where it stands in reports: a date or a date-time (UTC)')
    .requiredOption('--why <text>', 'the reason that stands in the books, e.g. "credit note 17"')
    .option('--model <name>', 'the model that it is for');
  for (const name of tagNames) {
    command.addOption(new Option(`--${name.replaceAll('_', '-')} <value>`, `tag ${name}`));
  }
  return command
    .option('--tag <name=value>', 'repeatable; a custom tag', repeatable, [])
    .option('--by <name>', 'who does it (default: you)')
    .option('--dry-run', 'tell what would be booked, but book nothing')
    .addOption(jsonOption())
    .action(async (options: AdjustOptions) => {
      const usd = readAmount(options.amount);
      const at = readTime(options.at, context.now());
      const amount = {
        usd,
        at,
        provider: required('provider', options.provider),
        model: options.model ?? null,
        tags: readTags(options),
        reason: required('why', options.why),
        by: options.by ?? context.user,
      };
      const unheard = await unheardProvider(context, amount.provider);
      if (unheard !== null) context.output.note(unheard);
      if (options.dryRun === true) {
        if (options.json === true) return printJson(context, { dry_run: true, ...amount });
        context.output.write(
          `Would book ${exactUsd(usd)} (${amount.provider}) at ${displayTime(at, 'UTC')} UTC: ${amount.reason}. Nothing was booked (--dry-run).\n`,
        );
        return;
      }
      const entry = await withCorrections(context, (corrections) => corrections.state(amount));
      if (unheard !== null) {
        context.output.note(
          'It is booked. What is booked stays: to take it back, book the opposite amount.',
        );
      }
      if (options.json === true) return printJson(context, entry);
      context.output.write(
        `Booked ${exactUsd(entry.cost.usd)} (${entry.provider}) at ${displayTime(entry.started_at, 'UTC')} UTC: ${options.why}. Entry ${entry.id}.\n`,
      );
    })
    .addHelpText(
      'after',
      `
Example:
  farthing adjust --amount -12.34 --provider openai --at 2026-10-31 --why "credit note 17"`,
    );
}

function readAmount(text: string): string {
  if (parseUsd(text) === 0n) throw usageError('--amount is 0, which adjusts nothing.');
  return text;
}

/** An amount stands at the time of what it is for, and that has happened. */
function readTime(text: string, now: Date): string {
  const at = parseMoment(text, now);
  if (at <= now.toISOString()) return at;
  throw usageError(
    `--at ${text} lies in the future (it is ${now.toISOString()}). Give the time that the amount is for, e.g. the last day of the invoice.`,
  );
}

function required(option: 'provider' | 'why', text: string): string {
  const value = text.trim();
  if (value !== '') return value;
  const example = option === 'why' ? '--why "credit note 17"' : '--provider openai';
  throw usageError(`--${option} is empty. Say it: ${example}.`);
}

function readTags(options: AdjustOptions): Tags {
  const collector = new TagCollector();
  for (const name of tagNames) {
    const value = options[camelCase(name)];
    if (typeof value === 'string') collector.set(name, value);
  }
  for (const text of options.tag) {
    const equals = text.indexOf('=');
    if (equals <= 0 || equals === text.length - 1) {
      throw usageError(`--tag takes name=value, e.g. team=search, not "${text}".`);
    }
    collector.set(text.slice(0, equals), text.slice(equals + 1));
  }
  const [problem] = collector.problems;
  if (problem !== undefined) throw usageError(`The ${problem}.`);
  return collector.tags;
}

/** As commander names the value of an option with a dash. */
function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
