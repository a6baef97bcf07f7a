import type { Writable } from 'node:stream';
import {
  asOfClosing,
  FarthingError,
  focusColumns,
  focusCsvHeader,
  focusCsvLine,
  FocusExport,
  focusSchemaId,
  focusSchemaMetadata,
  focusVersion,
  FocusValidator,
  parseMoment,
  parseWindow,
  readFocusTags,
  type FocusOptions,
  type FocusRow,
} from '@farthing/core';
import { Command, Option } from 'commander';
import { focusRows } from '../../focus/index.js';
import type { CliContext } from '../context.js';
import { exitCodes, usageError } from '../output/exit-codes.js';
import { requireDirectory, writeLines } from './target.js';
import { openEntries } from './exported-entries.js';
import { jsonOption, repeatable } from '../options.js';
import { noteFocusSummary } from './render-focus.js';

interface FocusFlags {
  since?: string;
  until?: string;
  asOf?: string;
  format: 'csv' | 'parquet';
  aggregate: FocusOptions['aggregate'];
  tags?: string;
  billingAccount: string[];
  out?: string;
  check?: boolean;
  schema?: boolean;
  json?: boolean;
}

/** `farthing export focus`: the ledger as a cost and usage dataset of FOCUS 1.2. */
export function exportFocusCommand(context: CliContext, output: Writable): Command {
  return new Command('focus')
    .description(`Cost and usage as FinOps tools read it (FOCUS ${focusVersion})`)
    .option('--since <when>', 'usage from when: month, a date, 30d (default: all)')
    .option('--until <when>', 'usage until when (exclusive; default: now)')
    .option('--as-of <when>', 'as known at that time, or "closed": as the month was closed')
    .addOption(
      new Option('--format <format>', 'file format').choices(['csv', 'parquet']).default('csv'),
    )
    .addOption(
      new Option('--aggregate <unit>', 'a row a charge, or one an hour for equal charges')
        .choices(['none', 'hour'])
        .default('none'),
    )
    .option('--tags <names>', 'tags to keep, comma-separated: feature, tenant, tag:team')
    .option(
      '--billing-account <provider=id>',
      "repeatable; the provider's id of your account, e.g. openai=org-123",
      repeatable,
      [],
    )
    .option('--out <file>', 'write to this file instead of standard output')
    .option('--check', 'check every row against the specification')
    .option('--schema', 'print the metadata that describes the columns, and export nothing')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  farthing export focus --since 2026-10-01 --until 2026-11-01 --out october.csv
  farthing export focus --since month --format parquet --aggregate hour --check --out month.parquet`,
    )
    .action((flags: FocusFlags) => run(context, output, flags));
}

async function run(context: CliContext, output: Writable, flags: FocusFlags): Promise<void> {
  if (flags.schema === true) {
    context.output.write(`${JSON.stringify(focusSchemaMetadata(context.version), null, 2)}\n`);
    return;
  }
  requireFile(flags);
  requireDirectory(flags.out);
  const window = parseWindow(flags, context.now());
  const options = readOptions(flags, context.now());
  const names = focusColumns.map(({ name }) => name);
  const validator = flags.check === true ? new FocusValidator(names) : undefined;

  const source = await openEntries(context, window);
  let focus: FocusExport;
  let complete = true;
  try {
    const asOf =
      flags.asOf === 'closed' ? asOfClosing(window, await source.closings()) : options.asOf;
    focus = new FocusExport({ ...options, ...(asOf === undefined ? {} : { asOf }) });
    const rows = focusRows(source.entries, focus, validator);
    if (flags.format === 'parquet') await writeParquet(context, flags.out as string, rows);
    else complete = await writeLines(output, flags.out, csvLines(rows));
  } finally {
    await source.close();
  }
  // Whoever read along has left: there is nothing whole to speak of.
  if (!complete) return;
  const findings = validator?.findings();
  const summary = {
    ...focus.summary(),
    window: window ?? null,
    file: flags.out ?? null,
    ...(findings === undefined ? {} : { findings }),
  };
  noteFocusSummary(summary, context.output);
  if (flags.json === true) context.output.write(`${JSON.stringify(summary, null, 2)}\n`);
  if (findings?.some(({ level }) => level === 'must') === true) {
    context.setExitCode(exitCodes.failure);
  }
}

function requireFile({ format, out, json }: FocusFlags): void {
  if (out !== undefined) return;
  if (format === 'parquet') {
    throw usageError('A Parquet file cannot go to standard output. Name it with --out.');
  }
  if (json === true) {
    throw usageError(
      '--json prints the summary to standard output, so the rows need a file: name it with --out.',
    );
  }
}

function readOptions(flags: FocusFlags, now: Date): FocusOptions {
  return {
    aggregate: flags.aggregate,
    accounts: readAccounts(flags.billingAccount),
    ...(flags.tags === undefined ? {} : { tags: readFocusTags(flags.tags) }),
    ...(flags.asOf === undefined || flags.asOf === 'closed'
      ? {}
      : { asOf: parseMoment(flags.asOf, now) }),
  };
}

function readAccounts(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const equals = text.indexOf('=');
      if (equals > 0 && equals < text.length - 1) {
        return [text.slice(0, equals), text.slice(equals + 1)];
      }
      throw usageError(`--billing-account takes provider=id, e.g. openai=org-123, not "${text}".`);
    }),
  );
}

async function* csvLines(rows: AsyncIterable<readonly FocusRow[]>): AsyncGenerator<string> {
  yield focusCsvHeader();
  for await (const batch of rows) for (const row of batch) yield focusCsvLine(row);
}

async function writeParquet(
  context: CliContext,
  file: string,
  rows: AsyncIterable<readonly FocusRow[]>,
): Promise<void> {
  if (context.writeParquet === undefined) {
    throw new FarthingError('no_parquet', 'This build cannot write Parquet. Use --format csv.');
  }
  await context.writeParquet({
    file,
    columns: focusColumns,
    rows,
    metadata: { FocusVersion: focusVersion, SchemaId: focusSchemaId, DataGenerator: 'Farthing' },
  });
}
