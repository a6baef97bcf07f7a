import { divideHalfEven, formatUsd, type RunAlarm } from '@farthing/core';

const cent = 10_000_000_000n;

/**
 * Why a run is told of, as a clause that an agent can act upon: "it repeated itself 6 times in 9 calls and
 * spent $4.12 (limit: 6 repetitions)".
 * @param spent picodollars of the calls whose cost is known
 * @param unpriced calls whose cost is not
 */
export function runCause(
  { reason, calls, repeats, limit }: RunAlarm,
  { spent, unpriced }: { spent: bigint; unpriced: number },
): string {
  const sum = `spent ${unpriced > 0 ? 'at least ' : ''}${shownUsd(spent)}`;
  const inCalls = `in ${counted(calls, 'call')}`;
  switch (reason) {
    case 'cost':
      return `it ${sum} ${inCalls} (limit: ${limitUsd(limit)})`;
    case 'calls':
      return `it made ${counted(calls, 'call')} and ${sum} (limit: ${counted(Math.floor(limit), 'call')})`;
    case 'velocity':
      return `it spent more than ${limitUsd(limit)} within a minute, and ${sum.slice('spent '.length)} in all ${inCalls}`;
    case 'depth':
      return `it is nested more than ${counted(Math.floor(limit), 'level')} deep, and ${sum} ${inCalls}`;
    case 'repeats':
      return `it repeated itself ${counted(repeats, 'time')} ${inCalls} and ${sum} (limit: ${counted(limit, 'repetition')})`;
  }
}

/** To the cent, and below a dime to a hundredth of one. */
function shownUsd(amount: bigint): string {
  const unit = amount < 10n * cent ? cent / 100n : cent;
  return `$${withCents(formatUsd(divideHalfEven(amount, unit) * unit))}`;
}

/** A limit is learned from sizes of runs: no sum that has to be exact. */
function limitUsd(limit: number): string {
  return `$${limit < 0.1 ? limit.toFixed(4) : limit.toFixed(2)}`;
}

function withCents(amount: string): string {
  const [whole = '0', fraction = ''] = amount.split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
