import {
  divideHalfEven,
  parseUsd,
  type AllocationRule,
  type Framed,
  type Statement,
  type StatementLine,
  type StatementsReport,
} from '@farthing/core';
import { style } from './style.js';

const rules: Readonly<Record<AllocationRule, string>> = {
  proportional: 'in proportion to what each account costs directly',
  equal: 'in equal parts',
  calls: 'in proportion to calls',
  none: 'not at all: it stands on statements of its own',
};

const lineNames: Readonly<Record<Exclude<StatementLine['kind'], 'usage'>, string>> = {
  shared: 'Part of the accounts that are for all',
  unattributed: 'Part of calls that name no account',
  difference: 'Part of the difference between invoice and ledger',
};

/** A statement as one page that needs nothing else, for a browser or a printer. */
export function statementHtml(statement: Statement, report: Framed<StatementsReport>): string {
  const lines = statement.lines.map(
    (line) => `<tr>
      <td>${line.kind === 'usage' ? `${name(line.feature, '(no feature)')} <span>${name(line.model, '')}</span>` : lineNames[line.kind]}</td>
      <td class="n">${line.kind === 'usage' ? count(line.calls) : ''}</td>
      <td class="n">${line.kind === 'usage' ? count(line.tokens_input) : ''}</td>
      <td class="n">${line.kind === 'usage' ? count(line.tokens_output) : ''}</td>
      <td class="n exact">${line.usd}</td>
      <td class="n">${cents(line.billed_usd)}</td>
    </tr>`,
  );
  const unpriced =
    statement.unpriced_calls === 0
      ? ''
      : `<p>${count(statement.unpriced_calls)} calls have no known price; they are counted and not billed.</p>`;
  return page(
    `Statement: ${titleOf(statement)}`,
    `<header><p>Statement of LLM usage</p><h1>${escape(titleOf(statement))}</h1><p>${monthOf(report)}</p></header>
    <p class="due"><span>Amount</span> ${dollars(statement.billed_usd)}</p>
    <table><thead><tr><th>Feature and model</th><th class="n">Calls</th><th class="n">Input tokens</th><th class="n">Output tokens</th><th class="n">Exact, USD</th><th class="n">USD</th></tr></thead>
    <tbody>${lines.join('')}</tbody>
    <tfoot><tr><td>Total</td><td class="n">${count(statement.calls)}</td><td></td><td></td><td class="n exact">${statement.total_usd}</td><td class="n">${cents(statement.billed_usd)}</td></tr></tfoot></table>
    ${unpriced}<p>${explanation(report)} Rounding to cents changed this statement by ${statement.rounding_usd} USD.</p>`,
  );
}

/** All statements on one page, what they add up to, and how that compares with the invoice. */
export function summaryHtml(
  report: Framed<StatementsReport>,
  hrefOf: (statement: Statement) => string,
): string {
  const { total, statements, by, frame } = report;
  const rows = statements.map(
    (each) => `<tr>
      <td><a href="${escape(hrefOf(each))}">${escape(titleOf(each))}</a></td>
      <td class="n">${count(each.calls)}</td>
      <td class="n exact">${each.direct_usd}</td>
      <td class="n exact">${each.shared_usd}</td>
      <td class="n exact">${each.unattributed_usd}</td>
      <td class="n exact">${each.difference_usd}</td>
      <td class="n">${cents(each.billed_usd)}</td>
    </tr>`,
  );
  const invoice =
    total.invoice_usd === null
      ? ''
      : `<p>The invoice is $${total.invoice_usd}; the ledger has $${total.ledger_usd}, a difference of ${total.difference_usd} USD.</p>`;
  return page(
    `Statements by ${by}`,
    `<header><p>Statements of LLM usage</p><h1>By ${escape(by)}</h1><p>${monthOf(report)}</p></header>
    <p class="due"><span>Amount</span> ${dollars(total.billed_usd)}</p>
    <table><thead><tr><th>${escape(by)}</th><th class="n">Calls</th><th class="n">Direct</th><th class="n">Shared</th><th class="n">Unattributed</th><th class="n">Difference</th><th class="n">USD</th></tr></thead>
    <tbody>${rows.join('')}</tbody>
    <tfoot><tr><td>Total, exactly ${total.total_usd}</td><td class="n">${count(frame.calls)}</td><td></td><td></td><td></td><td class="n exact">${total.difference_usd}</td><td class="n">${cents(total.billed_usd)}</td></tr></tfoot></table>
    ${invoice}<p>${explanation(report)}</p>${frame.notes.map((note) => `<p>${escape(note)}</p>`).join('')}`,
  );
}

function explanation({ rule, shared }: StatementsReport): string {
  const also = shared.length === 0 ? '' : `, and that of ${shared.map(escape).join(', ')},`;
  return `Cost of calls that name no account${also} is divided ${rules[rule]}. All statements of the month add up to its total, to the picodollar in the exact column and to the cent in the last one; missing cents go to the largest remainders.`;
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${style}</style></head><body><main>
    ${body}
</main></body></html>
`;
}

function titleOf({ kind, key }: Statement): string {
  if (key !== null) return key;
  return kind === 'difference' ? 'Difference to the invoice' : 'Calls that name no account';
}

function monthOf({ frame }: Framed<StatementsReport>): string {
  const { from, to } = frame.window;
  const last = new Date(Date.parse(to) - 1).toISOString().slice(0, 10);
  return `${from.slice(0, 10)} to ${last}, UTC`;
}

function name(value: string | null, absent: string): string {
  return escape(value ?? absent);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** With two decimals and separators of thousands; exact, because it is whole cents. */
function cents(usd: string): string {
  const all = divideHalfEven(parseUsd(usd), 10_000_000_000n);
  const digits = (all < 0n ? -all : all).toString().padStart(3, '0');
  const whole = BigInt(digits.slice(0, -2)).toLocaleString('en-US');
  return `${all < 0n ? '−' : ''}${whole}.${digits.slice(-2)}`;
}

function dollars(usd: string): string {
  return cents(usd).replace(/^−?/, (sign) => `${sign}$`);
}

/** What comes from outside is text, never markup. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
