import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { pseudonymPattern, tagDimension } from '../../privacy/index.js';
import { openForReading, requireData } from '../books/books.js';
import type { CliContext } from '../context.js';
import { displayCount, displayTime } from '../output/display.js';
import { exactUsd } from '../output/exact-usd.js';
import { usageError } from '../output/exit-codes.js';
import { jsonOption } from '../options.js';
import { storedAs, type PersonalTag } from './personal-tag.js';
import { printJson } from '../prices/access.js';
import { printable, renderTable } from '../output/table.js';

interface WhoisOptions {
  tag?: string;
  among?: string;
  json?: boolean;
}

interface Found {
  stored: string;
  /** When the key came into use with which this was made; null for the first. */
  since: string | null;
  calls: number;
  cost: string | null;
}

/** `farthing whois`: what a person is called in the books, and with candidates the other way round. */
export function whoisCommand(context: CliContext): Command {
  return new Command('whois')
    .description('Find what a user is called in the books; needs the key of the data directory')
    .argument('<user>', 'the user as your application names them, or a pseudonym with --among')
    .option('--tag <name>', 'the value is one of this tag (default: user)', 'user')
    .option('--among <file>', 'who of these is the pseudonym: a file with one name on each line')
    .addOption(jsonOption())
    .addHelpText('after', '\nFarthing keeps no list of users: names are hashed and compared.')
    .action(async (value: string, { tag = 'user', among, json }: WhoisOptions) => {
      requireData(context);
      const name = tag.replace(/^tag:/, '');
      if (among !== undefined) return findAmong(context, name, value, among, json ?? false);
      if (pseudonymPattern.test(value)) {
        throw usageError(
          `${value} is a pseudonym, and nothing in the books leads back from it. If you have a list of your users, --among <file> finds who it is.`,
        );
      }
      const found = await findUse(context, { tag: name, value });
      if (json === true) return printJson(context, { tag: name, value, stored: found });
      context.output.write(
        renderTable(
          [
            { header: name, align: 'left', cells: found.map(({ stored }) => printable(stored)) },
            {
              header: 'key since (UTC)',
              align: 'left',
              cells: found.map(({ since }) => (since === null ? '' : displayTime(since, 'UTC'))),
            },
            { header: 'calls', align: 'right', cells: found.map((row) => displayCount(row.calls)) },
            { header: 'cost', align: 'right', cells: found.map((row) => exactUsd(row.cost)) },
          ],
          context.output,
        ),
      );
    });
}

async function findUse(context: CliContext, person: PersonalTag): Promise<Found[]> {
  const stored = storedAs(context, person);
  const dimension = tagDimension(person.tag);
  const books = await openForReading(context);
  try {
    const { rows } = await books.query({
      measures: ['calls', 'cost'],
      dimensions: [dimension],
      filters: [{ dimension, op: 'in', values: stored.map((one) => one.stored) }],
    });
    return stored.map(({ stored: text, since }) => {
      const row = rows.find((candidate) => candidate[dimension] === text);
      return {
        stored: text,
        since,
        calls: Number(row?.['calls'] ?? 0),
        cost: row === undefined ? '0' : row['cost'] === null ? null : String(row['cost']),
      };
    });
  } finally {
    await books.close();
  }
}

async function findAmong(
  context: CliContext,
  tag: string,
  pseudonym: string,
  file: string,
  json: boolean,
): Promise<void> {
  const names = (await readFile(file, 'utf8')).split(/\r?\n/).filter((line) => line !== '');
  const value =
    names.find((candidate) =>
      storedAs(context, { tag, value: candidate }).some(({ stored }) => stored === pseudonym),
    ) ?? null;
  if (json) printJson(context, { tag, stored: pseudonym, value });
  else if (value !== null) context.output.write(`${printable(value)}\n`);
  else {
    context.output.note(
      `None of the ${displayCount(names.length)} names in ${file} is ${pseudonym}.`,
    );
  }
  if (value === null) context.setExitCode(1);
}
