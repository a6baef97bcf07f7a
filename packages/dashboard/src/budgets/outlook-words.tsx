import type { BudgetOutlook } from '@farthing/core';
import type { Account, Budget } from '../api/budgets-contract.js';
import { formatShare } from '../figures/counts.js';
import { aboutTime, amountWords, isRolling } from './budget-words.js';
import { fullFrom } from './gauge-report.js';

/** A budget without an end that is used up within two weeks wants a look. */
const worthSaying = 14 * 86_400_000;

/** Where a budget is expected to go, and how sure that is. */
export function OutlookWords({
  budget: { window, resets_at: resets, paused },
  account,
  outlook,
  now,
}: {
  budget: Budget;
  account: Account;
  outlook: BudgetOutlook | null;
  /** Milliseconds since 1970. */
  now: number;
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
  if (outlook === null) return null;
  const { outlook: kind, at_reset: end, before_reset_ms: before } = outlook;
  const until = (moment: string) => Math.max(0, Date.parse(moment) - now);
  const amount = (text: string) => amountWords(account.measure, text);
  const source = <Source outlook={outlook} />;
  if (kind === 'runs_out' && outlook.runs_out_at !== null) {
    const after = until(outlook.runs_out_at);
    return (
      <span className={before !== null || after < worthSaying ? 'text-warn' : ''}>
        Expected to be used up in about {aboutTime(after)}
        {before !== null && <>, about {aboutTime(before)} before it resets</>}
        {source}.
      </span>
    );
  }
  const earliest = outlook.runs_out_80?.earliest ?? null;
  if (kind === 'may_run_out' && earliest !== null) {
    return (
      <>
        Expected to last{end !== null && <>, at {amount(end)} when it resets</>}, but may be used up
        in {aboutTime(until(earliest))} at the earliest{source}.
      </>
    );
  }
  if (kind !== 'lasts') return null;
  if (end === null) return <>Expected to last{source}.</>;
  return (
    <>
      Expected: {amount(end)} when it resets
      {Number(account.limit) > 0 && <> ({formatShare(Number(end) / Number(account.limit))})</>}
      {source}.
    </>
  );
}

/** What is no pattern is said not to be one. */
function Source({ outlook: { basis } }: { outlook: BudgetOutlook }) {
  if (basis === 'pace') return <>, at the pace of the last 15 minutes</>;
  return basis === 'run_rate' ? <>, at the rate so far</> : null;
}
