import type { Framed, Statement, StatementsReport } from '@farthing/core';
import { describe, expect, test } from 'vitest';
import { statementFiles } from './statement-files.js';

const statement = (changes: Partial<Statement>): Statement => ({
  kind: 'account',
  key: 'acme',
  calls: 2,
  unpriced_calls: 0,
  direct_usd: '1.005',
  shared_usd: '0',
  unattributed_usd: '0',
  difference_usd: '0',
  total_usd: '1.005',
  billed_usd: '1',
  rounding_usd: '-0.005',
  lines: [
    {
      kind: 'usage',
      feature: '=HYPERLINK("x")',
      model: 'm, "large"',
      calls: 2,
      tokens_input: 10,
      tokens_output: 5,
      usd: '1.005',
      billed_usd: '1',
    },
  ],
  ...changes,
});

function reportOf(statements: Statement[]): Framed<StatementsReport> {
  return {
    frame: {
      window: { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
      filters: [],
      calls: 2,
      cost_usd: '1.005',
      unpriced: { calls: 0, share: 0 },
      unattributed: { calls: 0, cost_usd: '0', share: 0 },
      estimated: [],
      notes: [],
    },
    summary: '',
    by: 'tenant',
    rule: 'proportional',
    shared: [],
    total: {
      ledger_usd: '1.005',
      invoice_usd: null,
      difference_usd: '0',
      total_usd: '1.005',
      billed_usd: '1',
      rounding_usd: '-0.005',
    },
    statements,
  };
}

describe('files of statements', () => {
  test('no name leaves the folder, and no two accounts meet in one', () => {
    const keys = [
      'acme',
      'Acme',
      'ACME',
      'a/../../etc',
      '..',
      'summary',
      'con',
      '日本',
      '한국',
      'a'.repeat(99),
      'unattributed',
    ];
    const statements = [
      ...keys.map((key) => statement({ key })),
      statement({ kind: 'unattributed', key: null }),
      statement({ kind: 'difference', key: null }),
    ];
    const names = statementFiles(reportOf(statements)).map(({ name }) => name);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(2 * (statements.length + 1));
    for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9_-]{0,60}\.(csv|html)$/);
    expect(names).toContain('acme.csv');
    expect(names).toContain('unattributed.csv');
  });

  test('a table quotes what needs it, keeps formulas texts, and bills with two decimals', () => {
    const files = statementFiles(reportOf([statement({})]));
    const text = files.find(({ name }) => name === 'acme.csv')!.text;
    expect(text.split('\r\n')[1]).toBe(
      `acme,usage,"'=HYPERLINK(""x"")","m, ""large""",2,10,5,1.005,1.00`,
    );
    expect(text.split('\r\n')[2]).toBe('acme,total,,,2,10,5,1.005,1.00');
  });

  test('amounts on a page have two decimals and separators, also below zero', () => {
    const page = (billed: string) =>
      statementFiles(reportOf([statement({ billed_usd: billed })])).at(-1)!.text;
    expect(page('1234567.5')).toContain('$1,234,567.50');
    expect(page('-0.05')).toContain('−$0.05');
  });
});
