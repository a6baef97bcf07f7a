import { createHash } from 'node:crypto';
import type { Framed, Statement, StatementsReport } from '@farthing/core';
import { statementCsv, summaryCsv } from './csv.js';
import { statementHtml, summaryHtml } from './html.js';

export interface StatementFile {
  /** Without a folder; letters, digits, dots, dashes and underscores. */
  name: string;
  text: string;
}

/** A CSV and a page for each statement, and for all of them together (`summary`). */
export function statementFiles(report: Framed<StatementsReport>): StatementFile[] {
  const names = new Map(report.statements.map((each) => [each, fileName(each)]));
  return [
    { name: 'summary.csv', text: summaryCsv(report) },
    { name: 'summary.html', text: summaryHtml(report, (each) => `${names.get(each)!}.html`) },
    ...report.statements.flatMap((each) => [
      { name: `${names.get(each)!}.csv`, text: statementCsv(each, report) },
      { name: `${names.get(each)!}.html`, text: statementHtml(each, report) },
    ]),
  ];
}

const plainName = /^[a-z0-9][a-z0-9_-]{0,59}$/;
/** Names of files of their own here, and names that some systems reserve. */
const reserved = /^(summary|unattributed|difference|con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * A name for an account's files. Accounts are named from outside: whatever is no plain word is spelled
 * with its nearest letters and told apart by a hash, so that no name leaves the folder, nor two meet.
 */
function fileName({ kind, key }: Statement): string {
  if (key === null) return kind;
  if (plainName.test(key) && !reserved.test(key)) return key;
  const spelled = key
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 48);
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return `${spelled === '' ? 'account' : spelled}-${hash}`;
}
