import { buildMargin, type Framed, type MarginReport } from '@farthing/core';
import type { Command } from 'commander';
import { AnswerParameters, marginAnswer } from '../../answers/index.js';
import { readRevenueFile, saveRevenue, withStoredKeys } from '../../revenue/index.js';
import { openForReading, requireData } from '../books/books.js';
import type { CliContext } from '../context.js';
import { usageError } from '../output/exit-codes.js';
import { answerCommand, askAnswer } from './answer-command.js';
import { renderMargin } from './render-margin.js';

interface MarginOptions {
  revenue?: string;
  save?: boolean;
  by?: string;
  since?: string;
  until?: string;
  filter?: string[];
  limit?: string;
  json?: boolean;
  timezone: string;
}

/**
 * `farthing margin`: against the saved revenue, or against that of a file, whose users' names are turned
 * into what the books have for them on this machine; none of them is sent or kept.
 */
export function marginCommand(context: CliContext): Command {
  const command = answerCommand(context, marginAnswer, renderMargin);
  return command
    .option('--revenue <file>', 'who pays what: CSV, JSON or YAML; default: what was saved')
    .option('--save', 'keep the revenue, with pseudonyms for users, for later and the dashboard')
    .action(async () => {
      const { revenue, save, json, timezone, ...flags } = command.opts<MarginOptions>();
      const texts = Object.fromEntries(
        Object.entries(flags).filter(([, value]) => value !== undefined),
      );
      if (save === true && revenue === undefined) {
        throw usageError('--save keeps the revenue of a file: name it with --revenue.');
      }
      const { report, names } =
        revenue === undefined
          ? { report: await askAnswer(context, marginAnswer, texts), names: new Map() }
          : await againstFile(context, revenue, save === true, texts);
      context.output.write(
        json === true
          ? `${JSON.stringify(named(report, names), null, 2)}\n`
          : renderMargin(report, context.output, timezone, names),
      );
    });
}

async function againstFile(
  context: CliContext,
  file: string,
  save: boolean,
  texts: Record<string, string | string[]>,
): Promise<{ report: Framed<MarginReport>; names: Map<string, string> }> {
  const now = context.now();
  const request = marginAnswer.read(new AnswerParameters(marginAnswer.parameters, texts, now));
  const read = await readRevenueFile(file);
  if (context.controlUrl !== undefined && (save || read.some((line) => line.for === 'user'))) {
    throw usageError(
      'Revenue of users, and saving, need the data directory and its key: run this on the machine of the control plane, without --url and FARTHING_URL.',
    );
  }
  if (context.controlUrl === undefined) requireData(context);
  const { lines, names } =
    context.controlUrl === undefined
      ? withStoredKeys(read, context.privacy, context.dataDirectory)
      : { lines: read, names: new Map<string, string>() };
  if (save) {
    await saveRevenue(context.dataDirectory, lines, now);
    context.output.note(`Saved ${lines.length} lines of revenue.`);
  }
  const books = await openForReading(context);
  try {
    return {
      report: await buildMargin(books, lines, { ...request, now: now.toISOString() }),
      names,
    };
  } finally {
    await books.close();
  }
}

function named(
  report: Framed<MarginReport>,
  names: ReadonlyMap<string, string>,
): Framed<MarginReport> {
  if (names.size === 0) return report;
  const accounts = report.accounts.map((row) => {
    const name = names.get(row.key);
    return name === undefined ? row : { ...row, name };
  });
  return { ...report, accounts };
}
