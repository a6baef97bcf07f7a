import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FarthingError, type Framed, type StatementsReport } from '@farthing/core';
import type { Command } from 'commander';
import { statementsAnswer } from '../../answers/index.js';
import { statementFiles } from '../../statements/index.js';
import type { CliContext, CliOutput } from '../context.js';
import { displayCount, displayMoney } from '../output/display.js';
import { printable, renderTable, type Column } from '../output/table.js';
import { answerCommand, askAnswer } from './answer-command.js';
import { renderFrame, spanOf } from './render-frame.js';

interface StatementsOptions {
  out?: string;
  json?: boolean;
  timezone: string;
  [parameter: string]: string | string[] | boolean | undefined;
}

/** `farthing statements`: on the screen, and with `--out` as CSV and pages in a folder. */
export function statementsCommand(context: CliContext): Command {
  const command = answerCommand(context, statementsAnswer, renderStatements);
  return command
    .option('--out <directory>', 'write a CSV and a page for each statement, and a summary, here')
    .action(async () => {
      const { out, json, timezone, ...flags } = command.opts<StatementsOptions>();
      const texts = Object.fromEntries(
        Object.entries(flags).filter(([, value]) => value !== undefined),
      ) as Record<string, string | string[]>;
      const report = await askAnswer(context, statementsAnswer, texts);
      if (out !== undefined) await writeStatements(context, out, report);
      context.output.write(
        json === true
          ? `${JSON.stringify(report, null, 2)}\n`
          : renderStatements(report, context.output, timezone),
      );
    });
}

async function writeStatements(
  { output }: CliContext,
  directory: string,
  report: Framed<StatementsReport>,
): Promise<void> {
  const files = statementFiles(report);
  try {
    await mkdir(directory, { recursive: true });
    for (const { name, text } of files) await writeFile(join(directory, name), text);
  } catch (error) {
    throw new FarthingError(
      'not_writable',
      `${directory} cannot be written: ${(error as Error).message}. Name another directory with --out.`,
      { cause: error },
    );
  }
  output.note(
    `Wrote ${files.length} files to ${directory}; begin with ${join(directory, 'summary.html')}.`,
  );
}

function renderStatements(
  report: Framed<StatementsReport>,
  output: CliOutput,
  timeZone: string,
): string {
  const { by, statements, total, frame } = report;
  const column = (header: string, cells: string[]): Column => ({ header, align: 'right', cells });
  const money = (header: string, amounts: string[], last: string): Column =>
    column(header, displayMoney([...amounts, last]));
  const totalOf = (name: 'direct_usd' | 'shared_usd' | 'unattributed_usd'): string[] =>
    displayMoney(statements.map((each) => each[name])).concat('');
  const table = renderTable(
    [
      {
        header: by,
        align: 'left',
        cells: [...statements.map(({ kind, key }) => printable(key ?? `(${kind})`)), 'total'],
      },
      column('calls', [
        ...statements.map(({ calls }) => displayCount(calls)),
        displayCount(frame.calls),
      ]),
      column('direct', totalOf('direct_usd')),
      column('shared', totalOf('shared_usd')),
      column('unattributed', totalOf('unattributed_usd')),
      money(
        'difference',
        statements.map((each) => each.difference_usd),
        total.difference_usd,
      ),
      column('billed', [
        ...statements.map((each) => cents(each.billed_usd)),
        cents(total.billed_usd),
      ]),
    ],
    output,
  );
  const lines = [
    `Statements by ${by}, ${spanOf(frame, timeZone)}`,
    '',
    ...(statements.length === 0 ? [] : [table]),
    report.summary,
    `Exactly $${total.total_usd}; rounding to cents changed the sum by ${total.rounding_usd} USD.`,
    ...renderFrame(frame, output),
  ];
  return `${lines.join('\n')}\n`;
}

function cents(usd: string): string {
  const [whole = '0', fraction = ''] = usd.split('.');
  return `${whole.startsWith('-') ? '-$' : '$'}${whole.replace('-', '')}.${fraction.padEnd(2, '0')}`;
}
