import { buildDrift, parseWindow, readDimension, readFilter, readList } from '@farthing/core';
import { Command } from 'commander';
import { openForReading } from '../books/books.js';
import type { CliContext } from '../context.js';
import { usageError } from '../output/exit-codes.js';
import { jsonOption, repeatable, timezoneOption, wholeNumber } from '../options.js';
import { renderDrift } from './render-drift.js';

interface DriftFlags {
  by: string;
  since: string;
  until?: string;
  threshold?: number;
  filter: string[];
  limit: number;
  json?: true;
  timezone: string;
}

/** `farthing drift`: where estimates are off, by how much, since when. */
export function driftCommand(context: CliContext): Command {
  return new Command('drift')
    .description('Where estimates are off: direction, size, since when; and whose P95 moved')
    .option('--by <dimensions>', 'feature, template_version, model, … comma-separated', 'feature')
    .option('--since <when>', 'from when: 24h, 7d, 30d, month, a date', '7d')
    .option('--until <when>', 'until when (exclusive; default: now)')
    .option(
      '--threshold <share>',
      'calls further from their estimate are counted (default: as configured, 0.3)',
      readThreshold,
    )
    .option('--filter <dimension=value>', 'repeatable; e.g. model=gpt-4o', repeatable, [])
    .option('--limit <groups>', 'most groups', wholeNumber('limit', 1, 10_000), 1000)
    .addOption(jsonOption())
    .addOption(timezoneOption())
    .action(async ({ timezone, json, ...flags }: DriftFlags) => {
      const threshold = flags.threshold ?? context.driftThreshold;
      const request = {
        by: readList(flags.by).map((text) => readDimension(text)),
        window: parseWindow({ since: flags.since, until: flags.until }, context.now())!,
        filters: flags.filter.map((text) => readFilter(text)),
        limit: flags.limit,
        ...(threshold === undefined ? {} : { threshold }),
      };
      const books = await openForReading(context);
      try {
        const report = await buildDrift((query) => books.query(query), request);
        context.output.write(
          json === true
            ? `${JSON.stringify(report, null, 2)}\n`
            : renderDrift(report, context.output, timezone),
        );
      } finally {
        await books.close();
      }
    });
}

function readThreshold(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value <= 1000) return value;
  throw usageError(`--threshold takes a share like 0.3 for 30 %, not "${text}".`);
}
