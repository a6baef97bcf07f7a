import type { Account, Budget } from '../api/budgets-contract.js';
import { formatShare } from '../figures/counts.js';
import { aboutTime, amountWords, isRolling, windowWords } from './budget-words.js';
import { fullFrom } from './gauge-report.js';
import type { Pace } from './pace.js';

/** A budget without an end that is used up within two weeks wants a look. */
const worthSaying = 14 * 86_400_000;

/** Where a budget is going, said so that nobody takes it for a forecast. */
export function PaceWords({
  budget: { window, resets_at: resets, paused },
  account,
  pace,
  lately,
}: {
  budget: Budget;
  account: Account;
  pace: Pace | null;
  /** The time that the pace is taken from: "last 3 hours". */
  lately: string | null;
}) {
  if (account.ratio >= fullFrom && paused) return <>Used up, and refusing nothing while paused.</>;
  if (account.ratio >= fullFrom)
    return resets === null ? (
      <>Used up: raise it, or it stays so.</>
    ) : isRolling(window) ? (
      <>Used up, until what is older is forgotten.</>
    ) : (
      <>Used up until it resets.</>
    );
  if (pace === null || lately === null) return null;
  if (pace.kind === 'nothing') return <>Nothing in the {lately}.</>;
  if (pace.kind === 'full') {
    const near = pace.before !== null || pace.after < worthSaying;
    return (
      <span className={near ? 'text-warn' : ''}>
        At the pace of the {lately} it is used up in about {aboutTime(pace.after)}
        {pace.before !== null && <>, about {aboutTime(pace.before)} before it resets</>}.
      </span>
    );
  }
  const amount = amountWords(account.measure, pace.amount);
  return isRolling(window) ? (
    <>
      The pace of the {lately} comes to {amount} {windowWords(window)} ({formatShare(pace.share)}).
    </>
  ) : (
    <>
      At the pace of the {lately}: {amount} when it resets ({formatShare(pace.share)}).
    </>
  );
}
