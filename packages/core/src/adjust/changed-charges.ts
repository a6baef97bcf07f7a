import { formatUsd, parseUsdRounded } from '../money.js';
import type { Charge } from '../pricing/charge.js';

/**
 * What leads from one bill to another: lines that went, taken back with a negative quantity, then
 * lines that came. Lines on both bills are left out, and so are lines of nothing.
 */
export function changedCharges(before: readonly Charge[], after: readonly Charge[]): Charge[] {
  const came = after.filter(isSomething);
  const went = before.filter((line) => isSomething(line) && !take(came, line));
  return [...went.map(reversed), ...came];
}

/** The bill after such changes: a reversal strikes out the line that it takes back. */
export function applyCharges(bill: readonly Charge[], changes: readonly Charge[]): Charge[] {
  const lines = [...bill];
  for (const change of changes) {
    // What takes back a line that is not on the bill stays as it is, so that the sum is right.
    if (change.quantity >= 0 || !take(lines, reversed(change))) lines.push(change);
  }
  return lines;
}

function isSomething(line: Charge): boolean {
  return line.quantity !== 0 || parseUsdRounded(line.amount_usd) !== 0n;
}

/** Takes one line like this out of the list; false when there is none. */
function take(lines: Charge[], line: Charge): boolean {
  const wanted = identityOf(line);
  const index = lines.findIndex((other) => identityOf(other) === wanted);
  if (index < 0) return false;
  lines.splice(index, 1);
  return true;
}

function identityOf(line: Charge): string {
  return JSON.stringify([
    line.kind,
    line.quantity,
    line.rate_usd,
    line.per,
    line.amount_usd,
    line.list_rate_usd,
    line.list_amount_usd,
    line.model,
  ]);
}

function reversed(line: Charge): Charge {
  return {
    ...line,
    quantity: -line.quantity,
    amount_usd: negated(line.amount_usd),
    ...(line.list_amount_usd === undefined
      ? {}
      : { list_amount_usd: negated(line.list_amount_usd) }),
  };
}

function negated(usd: string): string {
  return formatUsd(-parseUsdRounded(usd));
}
