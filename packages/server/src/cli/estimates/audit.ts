import { buildAudit, parseWindow, readDimension, readFilter, readList } from '@farthing/core';
import { Command } from 'commander';
import { openForReading } from '../books/books.js';
import type { CliContext } from '../context.js';
import { jsonOption, repeatable, timezoneOption, wholeNumber } from '../options.js';
import { renderAudit } from './render-audit.js';

interface AuditFlags {
  by: string;
  since: string;
  until?: string;
  filter: string[];
  limit: number;
  json?: true;
  timezone: string;
}

/** `farthing audit`: where input tokens come from, and what would save most. */
export function auditCommand(context: CliContext): Command {
  return new Command('audit')
    .description('Where input tokens come from, what that costs, and what would save most')
    .option('--by <dimensions>', 'feature, template_version, … comma-separated', 'feature')
    .option('--since <when>', 'from when: 24h, 7d, 30d, month, a date', '7d')
    .option('--until <when>', 'until when (exclusive; default: now)')
    .option('--filter <dimension=value>', 'repeatable; e.g. model=gpt-4o', repeatable, [])
    .option('--limit <groups>', 'most groups', wholeNumber('limit', 1, 10_000), 1000)
    .addOption(jsonOption())
    .addOption(timezoneOption())
    .action(async ({ timezone, json, ...flags }: AuditFlags) => {
      const request = {
        by: readList(flags.by).map((text) => readDimension(text)),
        window: parseWindow({ since: flags.since, until: flags.until }, context.now())!,
        filters: flags.filter.map((text) => readFilter(text)),
        limit: flags.limit,
      };
      const books = await openForReading(context);
      try {
        const report = await buildAudit((query) => books.query(query), request);
        context.output.write(
          json === true
            ? `${JSON.stringify(report, null, 2)}\n`
            : renderAudit(report, context.output, timezone),
        );
      } finally {
        await books.close();
      }
    });
}
