import {
  asOfClosing,
  buildReport,
  parseMoment,
  parseWindow,
  readBucket,
  readDimension,
  readFilter,
  readList,
  readMeasure,
  type BucketSize,
  type ReportRequest,
} from '@farthing/core';
import { Command } from 'commander';
import { openForReading, type Books } from '../books/books.js';
import type { CliContext } from '../context.js';
import { jsonOption, repeatable, timezoneOption, wholeNumber } from '../options.js';
import { renderReport } from './render-report.js';

interface ReportOptions {
  by?: string;
  since?: string;
  until?: string;
  asOf?: string;
  bucket?: string;
  measure?: string;
  filter: string[];
  limit: number;
  json?: boolean;
  timezone: string;
}

/** `farthing report`: spend by any dimension over any window. */
export function reportCommand(context: CliContext): Command {
  return spendCommand(context, 'report', {})
    .description('What was spent, by feature, model or any other dimension')
    .addHelpText(
      'after',
      `
Examples:
  farthing report --by feature,model --since 7d
  farthing report --by user --filter feature=search --measure cost,calls,cost_p95
  farthing report --since month --bucket day --json`,
    );
}

/** `farthing daily`: the last 30 days, one line each. */
export function dailyCommand(context: CliContext): Command {
  return spendCommand(context, 'daily', { by: '', since: '30d', bucket: 'day' }).description(
    'Spend of the last 30 days, day by day (UTC)',
  );
}

/** `farthing monthly`: all months, one line each. */
export function monthlyCommand(context: CliContext): Command {
  return spendCommand(context, 'monthly', { by: '', bucket: 'month' }).description(
    'Spend month by month (UTC)',
  );
}

function spendCommand(
  context: CliContext,
  name: string,
  defaults: { by?: string; since?: string; bucket?: BucketSize },
): Command {
  return new Command(name)
    .option('--by <dimensions>', 'dimensions, comma-separated', defaults.by ?? 'feature')
    .option(
      '--since <when>',
      'from when: 1h, 24h, 7d, 30d, month, a date (default: all)',
      defaults.since,
    )
    .option('--until <when>', 'until when (exclusive; default: now)')
    .option(
      '--as-of <time>',
      'as known at this time, or "closed": as the month was closed (default: now)',
    )
    .option('--bucket <size>', 'one row for each minute, hour, day, week or month', defaults.bucket)
    .option('--measure <measures>', 'measures, comma-separated')
    .option(
      '--filter <dimension=value>',
      'repeatable; e.g. feature=search, model!=gpt-4o',
      repeatable,
      [],
    )
    .option('--limit <rows>', 'most rows', wholeNumber('limit', 1, 100_000), 1000)
    .addOption(jsonOption())
    .addOption(timezoneOption())
    .action(async (options: ReportOptions) => {
      const request = readRequest(options, context.now());
      const books = await openForReading(context);
      try {
        const report = await buildReport(
          (query) => books.query(query),
          await withClosing(request, options.asOf, books),
        );
        context.output.write(
          options.json === true
            ? `${JSON.stringify(report, null, 2)}\n`
            : renderReport(report, context.output, options.timezone),
        );
      } finally {
        await books.close();
      }
    });
}

/** Everything is read before the books are opened: a typo should not cost a start. */
function readRequest(options: ReportOptions, now: Date): ReportRequest {
  const window = parseWindow({ since: options.since, until: options.until }, now);
  return {
    by: readList(options.by ?? '').map((text) => readDimension(text)),
    filters: options.filter.map((text) => readFilter(text)),
    limit: options.limit,
    ...(window === undefined ? {} : { window }),
    ...(options.bucket === undefined ? {} : { bucket: readBucket(options.bucket) }),
    ...(options.asOf === undefined || options.asOf === 'closed'
      ? {}
      : { asOf: parseMoment(options.asOf, now) }),
    ...(options.measure === undefined
      ? {}
      : { measures: readList(options.measure).map((text) => readMeasure(text)) }),
  };
}

/** "closed" is the time of a closing, which only the books know. */
async function withClosing(
  request: ReportRequest,
  asOf: string | undefined,
  books: Books,
): Promise<ReportRequest> {
  if (asOf !== 'closed') return request;
  return { ...request, asOf: asOfClosing(request.window, await books.closings()) };
}
