import { canonicalProvider, type ListedPrice } from '@farthing/core';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { displayCount } from '../output/display.js';
import { jsonOption } from '../options.js';
import { printJson, requireLocal, withDesk } from './access.js';
import { nameOf, ownColumns } from './render-own-prices.js';
import { printable, renderTable, type Column } from '../output/table.js';

interface ListFlags {
  provider?: string;
  search?: string;
  own?: true;
  json?: true;
}

/** `farthing prices list`: every model that has a price. */
export function listCommand(context: CliContext): Command {
  return new Command('list')
    .description('The models that have a price, with their rates of an ordinary call now')
    .option('--provider <name>', 'of one provider')
    .option('--search <text>', 'whose provider/model contains this')
    .option('--own', 'the rows that were set by command: by whom, when, and whether taken back')
    .addOption(jsonOption())
    .action(async ({ provider, search, own, json }: ListFlags) => {
      requireLocal(context, 'list');
      if (own === true) return listOwn(context, { provider, search, json });
      const prices = await withDesk(context, (desk) => desk.list({ provider, search }));
      if (json === true) return printJson(context, { prices });
      if (prices.length === 0) {
        context.output.write(
          'No model matches. "farthing prices missing" lists what calls lack.\n',
        );
      } else context.output.write(renderTable(columnsOf(prices), context.output));
      context.output.note(
        `${displayCount(prices.length)} models, USD per million tokens. "farthing prices show" has conditions and history.`,
      );
    });
}

function columnsOf(prices: readonly ListedPrice[]): Column[] {
  const column = (
    header: string,
    align: Column['align'],
    cell: (price: ListedPrice) => string | null,
  ): Column => ({ header, align, cells: prices.map((price) => printable(cell(price) ?? '–')) });
  return [
    column('provider', 'left', ({ provider }) => provider),
    column('model', 'left', ({ model }) => model),
    column('input', 'right', ({ input_per_mtok }) => input_per_mtok),
    column('cache read', 'right', ({ cache_read_per_mtok }) => cache_read_per_mtok),
    column('output', 'right', ({ output_per_mtok }) => output_per_mtok),
    column('source', 'left', ({ source }) => source),
  ];
}

async function listOwn(
  context: CliContext,
  {
    provider,
    search,
    json,
  }: Record<'provider' | 'search', string | undefined> & {
    json: true | undefined;
  },
): Promise<void> {
  const own = (await withDesk(context, (desk) => desk.own())).filter((record) => {
    const ofProvider =
      provider === undefined ||
      canonicalProvider(String(record.price['provider'])) === canonicalProvider(provider);
    const found =
      search === undefined || nameOf(record).toLowerCase().includes(search.toLowerCase());
    return ofProvider && found;
  });
  if (json === true) return printJson(context, { own });
  context.output.write(
    own.length === 0
      ? 'No price has been set by command. "farthing prices set" sets one; files of prices are in "farthing prices status".\n'
      : renderTable(ownColumns(own), context.output),
  );
}
