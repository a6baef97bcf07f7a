import {
  allocationRules,
  buildStatements,
  FarthingError,
  formatUsd,
  monthWindow,
  parseUsd,
  readDimension,
  type Framed,
  type StatementsReport,
  type StatementsRequest,
} from '@farthing/core';
import type { Answer } from './answer.js';

export const statementsAnswer: Answer<Omit<StatementsRequest, 'now'>, Framed<StatementsReport>> = {
  name: 'statements',
  summary: 'Showback statements for a month that add up to the invoice, one for each tenant',
  parameters: {
    by: { value: 'dimension', description: 'whom a statement is for', default: 'tenant' },
    month: { value: 'month', description: 'e.g. 2026-10 (UTC); default: the last whole month' },
    rule: {
      value: 'rule',
      description: `how cost without an account is divided: ${allocationRules.join(', ')}`,
      default: 'proportional',
    },
    shared: {
      value: 'account',
      description: 'an account whose cost is for all, e.g. internal',
      repeatable: true,
    },
    invoice: {
      value: 'usd',
      description: 'what the statements must add up to, e.g. 1234.56; default: what the ledger has',
    },
  },
  read: (parameters) => {
    const month = parameters.text('month') ?? monthBefore(parameters.now);
    const invoice = parameters.read('invoice', readInvoice);
    return {
      by: parameters.read('by', readDimension)!,
      window: parameters.naming('month', () => monthWindow(month)),
      rule: parameters.oneOf('rule', allocationRules)!,
      shared: [...parameters.texts('shared')],
      ...(invoice === undefined ? {} : { invoice_usd: invoice }),
    };
  },
  build: ({ books, now }, request) =>
    buildStatements(books, { ...request, now: now().toISOString() }),
};

function monthBefore(now: Date): string {
  const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1));
  return last.toISOString().slice(0, 7);
}

/** Amounts in answers have at most nine digits before the point. */
const tooMuch = parseUsd('1000000000');

function readInvoice(text: string): string {
  let amount: bigint | null = null;
  try {
    amount = parseUsd(text);
  } catch {
    // Told below, as an amount below 0 is.
  }
  if (amount !== null && amount >= 0n && amount < tooMuch) return formatUsd(amount);
  throw new FarthingError(
    'invalid_parameter',
    `invoice takes an amount of dollars like 1234.56, below a billion, not ${JSON.stringify(text)}.`,
  );
}
