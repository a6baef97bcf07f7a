import { divideHalfEven, formatUsd, parseUsd, type Picodollars } from '../money.js';
import { magnitude } from './rate.js';
import type { Reconciliation } from './result.js';

const dollar = 10n ** 12n;

/** One plain sentence: what the provider says, what the ledger says, why they differ, what is left. */
export function verdictOf(result: Omit<Reconciliation, 'verdict'>): string {
  const provider = parseUsd(result.provider_usd);
  const difference = parseUsd(result.difference_usd);
  const unexplained = parseUsd(result.unexplained_usd);
  const days = `${result.window.from.slice(0, 10)} to ${lastDay(result.window.to)}`;
  const basis =
    result.provider_costs === 'reported' ? 'bills' : 'reports usage that costs, by list price,';
  const opening = `For ${days}, ${result.provider} ${basis} ${short(provider)}`;
  if (result.causes.length === 0 && difference === 0n && unexplained === 0n) {
    return `${opening}, and the ledger agrees to the picodollar.`;
  }
  const comparison =
    difference === 0n
      ? 'the ledger has the same in total'
      : `the ledger has ${short(parseUsd(result.ledger_usd))}, ${short(magnitude(difference))} ${difference > 0n ? 'less' : 'more'}${percent(difference, provider)}`;
  const [top] = result.causes;
  const cause =
    top === undefined || parseUsd(top.gross_usd) === 0n
      ? ''
      : `; mostly ${top.title} (${short(parseUsd(top.usd) === 0n ? parseUsd(top.gross_usd) : parseUsd(top.usd))}${parseUsd(top.usd) === 0n ? ' moved' : ''})`;
  const rest =
    unexplained === 0n
      ? 'nothing is unexplained'
      : `${short(unexplained)} is unexplained${percent(unexplained, provider)}`;
  return `${opening} and ${comparison}${cause}; ${rest}.`;
}

function lastDay(until: string): string {
  return new Date(Date.parse(until) - 1).toISOString().slice(0, 10);
}

function percent(part: Picodollars, whole: Picodollars): string {
  if (whole <= 0n) return '';
  const hundredths = divideHalfEven(magnitude(part) * 10_000n, whole);
  return hundredths === 0n
    ? ' (under 0.01 %)'
    : ` (${hundredths / 100n}.${(hundredths % 100n).toString().padStart(2, '0')} %)`;
}

/** Cents from a dollar on, six decimals below; `$` in front. */
function short(amount: Picodollars): string {
  const size = magnitude(amount);
  const decimals = size >= dollar ? 2 : 6;
  const unit = 10n ** BigInt(12 - decimals);
  const rounded = divideHalfEven(size, unit);
  if (rounded === 0n && size > 0n) return `${amount < 0n ? '-' : ''}$${formatUsd(size)}`;
  const text = formatUsd(rounded * unit);
  const [whole = '0', fraction = ''] = text.split('.');
  const cents = fraction.padEnd(2, '0');
  return `${amount < 0n ? '-' : ''}$${whole}.${cents}`;
}
