import type { Account, Budget } from '../api/budgets-contract.js';
import { formatShare } from '../figures/counts.js';
import { amountWords, formatUntil, isRolling, windowWords } from './budget-words.js';
import { lookBackOf, type Pace } from './pace.js';

/** Where a budget is going, said so that nobody takes it for a forecast. */
export function PaceWords({
  budget: { window, resets_at: resets },
  account,
  pace,
}: {
  budget: Budget;
  account: Account;
  pace: Pace | null;
}) {
  const lately = lookBackOf(window)?.words;
  if (account.ratio >= 1)
    return resets === null ? (
      <>Used up: raise it, or it stays so.</>
    ) : isRolling(window) ? (
      <>Used up, until what is older is forgotten.</>
    ) : (
      <>Used up until it resets.</>
    );
  if (pace === null || lately === undefined) return null;
  if (pace.kind === 'nothing') return <>Nothing in the {lately}.</>;
  if (pace.kind === 'full')
    return (
      <span className="text-warn">
        At the pace of the {lately} it is used up in about {formatUntil(pace.after)}
        {pace.before !== null && <>, {formatUntil(pace.before)} before it resets</>}.
      </span>
    );
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
