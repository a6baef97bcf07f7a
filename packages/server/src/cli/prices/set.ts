import type { OwnPriceRemoval, OwnPriceRequest, OwnPriceResult } from '@farthing/core';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { usageError } from '../output/exit-codes.js';
import { jsonOption, repeatable } from '../options.js';
import { namedControlPlane, printJson, requireLocal, withDesk } from './access.js';
import { inOptions, readShare, readTime, readUsd } from './options.js';
import { printable } from '../output/table.js';

interface SetFlags {
  provider?: string;
  model?: string;
  input?: string;
  output?: string;
  cacheRead?: string;
  cacheWrite?: string;
  cacheWrite1h?: string;
  rate: string[];
  gpuHour?: string;
  sameAs?: string;
  discount?: string;
  tier?: string;
  tool?: string;
  price?: string;
  per?: string;
  from?: string;
  to?: string;
  note?: string;
  dryRun?: true;
  json?: true;
}

/** `farthing prices set`: appends a price of one's own. */
export function setCommand(context: CliContext): Command {
  return new Command('set')
    .description('Add a price of your own: a dated row over the published prices')
    .option('--provider <name>', 'provider, as prices name it')
    .option('--model <id>', 'model id; without it, a discount is on all models of the provider')
    .option('--input <usd>', 'USD per million input tokens')
    .option('--output <usd>', 'USD per million output tokens')
    .option('--cache-read <usd>', 'USD per million tokens read from the cache')
    .option('--cache-write <usd>', 'USD per million tokens written to the cache')
    .option('--cache-write-1h <usd>', 'the same, kept for an hour')
    .option('--rate <unit=usd>', 'any other unit, e.g. web_searches=10; repeatable', repeatable, [])
    .option('--gpu-hour <usd>', 'USD per hour of a GPU, for models that you host')
    .option('--same-as <model>', 'priced as this known model, in every respect')
    .option('--discount <share>', 'off the list price, e.g. 0.15')
    .option('--tier <name>', 'for this service tier: batch, flex, priority, …')
    .option('--tool <name>', 'price of a paid tool of your own, with --price and --per')
    .option('--price <usd>', 'USD per use of the tool')
    .option('--per <uses>', 'how many uses --price is for (default 1)')
    .option(
      '--from <time>',
      'from when on: 2026-12-01, 2026-12, today, 7d, or "always" (default: now where there is a price already, else always)',
    )
    .option('--to <time>', 'until when, as --from (exclusive; default: for ever)')
    .option('--note <text>', 'why, for the record')
    .option('--dry-run', 'check it and tell what it would be, but set nothing')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  farthing prices set --provider openai --model gpt-house --input 2.50 --output 10
  farthing prices set --provider openai --discount 0.15 --from 2026-12-01 --note "contract 7"
  farthing prices set --provider azure --model our-deployment --same-as gpt-4.1
  farthing prices set --tool web_lookup --price 0.005`,
    )
    .action(async (flags: SetFlags) => {
      const request = requestOf(flags, context.user, context.now());
      const control = await namedControlPlane(context);
      const dryRun = flags.dryRun === true;
      if (dryRun && control !== null) {
        throw usageError('--dry-run checks a price against this machine: leave out --url.');
      }
      const result =
        control === null
          ? await withDesk(context, (desk) => desk.set(request, { dryRun })).catch(
              (error: unknown) => {
                throw inOptions(error);
              },
            )
          : ((await control.post('/api/v1/prices', JSON.stringify(request))) as OwnPriceResult);
      if (dryRun) {
        const { id: _id, recorded_at: _at, ...checked } = result;
        if (flags.json === true) return printJson(context, { dry_run: true, ...checked });
      }
      if (flags.json === true) return printJson(context, result);
      context.output.write(renderSet(request, result, context.now(), dryRun));
    });
}

function requestOf(flags: SetFlags, by: string, now: Date): OwnPriceRequest {
  const dates = {
    ...(flags.from === undefined
      ? {}
      : {
          effective_from:
            flags.from === 'always' ? flags.from : readTime('--from', flags.from, now),
        }),
    ...(flags.to === undefined ? {} : { effective_to: readTime('--to', flags.to, now) }),
  };
  const note = flags.note === undefined ? {} : { note: flags.note };
  if (flags.tool !== undefined) {
    if (flags.price === undefined) {
      throw usageError('Say what a use of the tool costs: --price 0.005.');
    }
    const per = flags.per === undefined ? {} : { per: Number(flags.per) };
    return {
      tool: flags.tool,
      price: { price: readUsd('--price', flags.price), ...per, ...dates },
      ...note,
      by,
    };
  }
  if (flags.provider === undefined) throw usageError('Say whose price: --provider openai.');
  const tokens = {
    ...(flags.input === undefined ? {} : { input: readUsd('--input', flags.input) }),
    ...(flags.output === undefined ? {} : { output: readUsd('--output', flags.output) }),
    ...(flags.cacheRead === undefined
      ? {}
      : { cache_read: readUsd('--cache-read', flags.cacheRead) }),
    ...(flags.cacheWrite === undefined
      ? {}
      : { cache_write: readUsd('--cache-write', flags.cacheWrite) }),
    ...(flags.cacheWrite1h === undefined
      ? {}
      : { cache_write_1h: readUsd('--cache-write-1h', flags.cacheWrite1h) }),
  };
  const price = {
    provider: flags.provider,
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(Object.keys(tokens).length === 0 ? {} : { rates_per_mtok: tokens }),
    ...(flags.rate.length === 0 ? {} : { rates: ratesOf(flags.rate) }),
    ...(flags.gpuHour === undefined
      ? {}
      : { unit: 'gpu_hour', rate: readUsd('--gpu-hour', flags.gpuHour) }),
    ...(flags.sameAs === undefined ? {} : { same_as: flags.sameAs }),
    ...(flags.discount === undefined ? {} : { discount: readShare('--discount', flags.discount) }),
    ...(flags.tier === undefined ? {} : { service_tier: flags.tier }),
    ...dates,
  };
  if (flags.model === undefined && flags.discount === undefined) {
    throw usageError('Say which model: --model gpt-house. Only a --discount may be on all models.');
  }
  return { price, ...note, by };
}

function ratesOf(stated: readonly string[]): Record<string, string> {
  const rates: Record<string, string> = {};
  for (const text of stated) {
    const [unit = '', rate] = text.split('=', 2);
    if (unit === '' || rate === undefined || rate === '') {
      throw usageError(`--rate takes unit=USD, like web_searches=10, not "${text}".`);
    }
    rates[unit] = readUsd(`--rate ${unit}`, rate) ?? rate;
  }
  return rates;
}

function renderSet(
  request: OwnPriceRequest,
  result: OwnPriceResult,
  now: Date,
  dryRun: boolean,
): string {
  const { price, tool } = request;
  const what =
    tool === undefined ? `${String(price['provider'])}/${String(price['model'] ?? '*')}` : tool;
  const since =
    result.effective_from === null
      ? 'since always'
      : result.from_now_assumed
        ? `from ${result.effective_from} (now, because there was a price already; --from says otherwise)`
        : `from ${result.effective_from}`;
  const until =
    price['effective_to'] === undefined ? '' : ` until ${String(price['effective_to'])}`;
  const lines = [
    `${dryRun ? 'Would set' : 'Set'} ${printable(what)}: holds ${since}${until}.`,
    ...result.notes.map((note) => `Look again: ${note}.`),
    dryRun
      ? 'Nothing was set (--dry-run).'
      : `Running processes use it within seconds. ${bookedHint(request, result, now)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Calls that the price is for may be booked already, where it holds for a time that is past. */
function bookedHint({ price }: OwnPriceRequest, result: OwnPriceResult, now: Date): string {
  const { effective_from: from, from_now_assumed: fromNow } = result;
  if (fromNow || (from !== null && Date.parse(from) >= now.getTime())) {
    return 'What is booked keeps its cost.';
  }
  const to = price['effective_to'];
  const until = typeof to === 'string' && Date.parse(to) < now.getTime() ? ` --until ${to}` : '';
  return `What is booked keeps its cost: "farthing reprice --since ${from ?? sinceEver}${until} --dry-run" shows what the price would change.`;
}

/** Before the first call of anybody. */
const sinceEver = '1970-01-01';

interface UnsetFlags {
  provider?: string;
  model?: string;
  tool?: string;
  from?: string;
  note?: string;
  json?: true;
}

/** `farthing prices unset`: takes rows back that were set by command. */
export function unsetCommand(context: CliContext): Command {
  return new Command('unset')
    .description('Take back prices that were set by command')
    .option('--provider <name>', 'provider')
    .option('--model <id>', 'model id; without it, the discount on all models of the provider')
    .option('--tool <name>', 'a tool of your own')
    .option(
      '--from <time>',
      'from when on: 2026-12-01, today, 7d (default: as if they had never been set)',
    )
    .option('--note <text>', 'why, for the record')
    .addOption(jsonOption())
    .action(async ({ json, ...flags }: UnsetFlags) => {
      requireLocal(context, 'unset');
      if (flags.tool === undefined && flags.provider === undefined) {
        throw usageError('Say whose price to take back: --provider and --model, or --tool.');
      }
      const from =
        flags.from === undefined ? undefined : readTime('--from', flags.from, context.now());
      const removal: OwnPriceRemoval = {
        ...flags,
        ...(from === undefined ? {} : { from }),
        by: context.user,
      };
      const result = await withDesk(context, (desk) => desk.unset(removal));
      if (json === true) return printJson(context, result);
      const rows = result.ids.length === 1 ? 'row' : 'rows';
      const since = from === undefined ? 'as if never set' : `from ${from}`;
      context.output.write(
        `Took back ${result.ids.length} ${rows}, ${since}. What is booked keeps its cost: "farthing reprice --since ${from ?? sinceEver} --dry-run" shows what would change.\n`,
      );
    });
}
