import { buildUntagged, parseWindow, readList, tagAdvice, type UntaggedTag } from '@farthing/core';
import { Command } from 'commander';
import { openForReading } from '../books/books.js';
import type { CliContext, CliOutput } from '../context.js';
import { displayCount } from '../output/display.js';
import { exactUsd } from '../output/exact-usd.js';
import { jsonOption, wholeNumber } from '../options.js';
import { printJson } from '../prices/access.js';
import { printable, renderTable } from '../output/table.js';

interface UntaggedOptions {
  tags?: string;
  since: string;
  until?: string;
  limit: number;
  json?: boolean;
}

/** `farthing untagged`: who sends calls without the tags that are asked for. */
export function untaggedCommand(context: CliContext): Command {
  return new Command('untagged')
    .description('Who sends calls without a tag: feature, and all that `tags.require` names')
    .option('--tags <tags>', 'tags to look for, comma-separated')
    .option('--since <when>', 'from when: 1h, 24h, 7d, 30d, month, a date', '7d')
    .option('--until <when>', 'until when (exclusive; default: now)')
    .option('--limit <n>', 'most senders of each tag', wholeNumber('limit', 1, 1000), 20)
    .addOption(jsonOption())
    .action(async ({ tags, since, until, limit, json }: UntaggedOptions) => {
      const required = context.requiredTags;
      const asked = tags === undefined ? ['feature', ...required] : readList(tags);
      const books = await openForReading(context);
      try {
        const report = await buildUntagged((query) => books.query(query), {
          tags: [...new Set(asked.map((tag) => tag.replace(/^tag:/, '')))],
          required,
          window: parseWindow({ since, until }, context.now())!,
          limit,
        });
        if (json === true) return printJson(context, report);
        for (const tag of report.tags) render(tag, context.output);
      } finally {
        await books.close();
      }
    });
}

function render(found: UntaggedTag, output: CliOutput): void {
  const { tag, required, calls, cost, share_of_calls: share, senders } = found;
  if (calls === 0) {
    output.write(`Every call has the tag ${tag}.\n`);
    return;
  }
  const asked = required ? ', which is required' : '';
  output.write(
    `${displayCount(calls)} ${calls === 1 ? 'call lacks' : 'calls lack'} the tag ${tag}${asked}: ${(share * 100).toFixed(1)} % of all, ${exactUsd(cost)}.\n`,
  );
  const column = (header: string, cells: string[], align: 'left' | 'right' = 'left') => ({
    header,
    align,
    cells,
  });
  output.write(
    renderTable(
      [
        column(
          'source',
          senders.map(({ source }) => printable(source)),
        ),
        column(
          'provider',
          senders.map(({ provider }) => printable(provider)),
        ),
        column(
          'api',
          senders.map(({ api }) => printable(api)),
        ),
        column(
          'model',
          senders.map(({ model }) => printable(model ?? '')),
        ),
        column(
          'key',
          senders.map(({ key }) => printable(key ?? '')),
        ),
        column(
          'calls',
          senders.map((sender) => displayCount(sender.calls)),
          'right',
        ),
        column(
          'cost',
          senders.map((sender) => exactUsd(sender.cost)),
          'right',
        ),
      ],
      output,
    ),
  );
  output.write(`${tagAdvice([tag])}\n`);
}
