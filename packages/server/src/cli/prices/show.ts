import type { PriceView } from '@farthing/core';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { jsonOption } from '../options.js';
import { namedControlPlane, pricePath, printJson, withDesk } from './access.js';
import { readTime } from './options.js';
import { renderPriceView } from './render-price-view.js';

interface ShowFlags {
  provider?: string;
  at?: string;
  json?: true;
}

/** `farthing prices show`: the rates of a model, where each comes from, and every row behind them. */
export function showCommand(context: CliContext): Command {
  return new Command('show')
    .description('The rates of a model in force, its list price, history and conditions')
    .argument('<model>', 'model id, alias or dated name; also as provider/model')
    .option('--provider <name>', 'whose price list (default: a common one that has the model)')
    .option(
      '--at <time>',
      'rates at this time: 2026-10-01, 2026-10, today, 7d, ISO 8601 (default: now)',
    )
    .addOption(jsonOption())
    .action(async (model: string, flags: ShowFlags) => {
      const at = flags.at === undefined ? {} : { at: readTime('--at', flags.at, context.now()) };
      const view = await readView(context, model, { ...flags, ...at });
      if (flags.json === true) printJson(context, view);
      else context.output.write(renderPriceView(view, context.output));
    });
}

async function readView(context: CliContext, model: string, flags: ShowFlags): Promise<PriceView> {
  const control = await namedControlPlane(context);
  if (control === null) {
    const { provider, at } = flags;
    return withDesk(context, (desk) => desk.show({ provider, model, at }));
  }
  const query = flags.at === undefined ? '' : `?at=${encodeURIComponent(flags.at)}`;
  return (await control.get(pricePath(flags.provider, model) + query)) as PriceView;
}
