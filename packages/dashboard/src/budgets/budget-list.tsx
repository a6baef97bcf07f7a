import type { BudgetList as List } from '../api/budgets-contract.js';
import { useStatus } from '../api/use-status.js';
import { Failure, StaleHint } from '../controls/failure.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { useNow } from '../controls/use-now.js';
import { plural } from '../figures/counts.js';
import { formatClockSeconds } from '../figures/times.js';
import { BudgetLine } from './budget-line.js';
import { FirstBudget } from './first-budget.js';
import { countLevels } from './gauge-report.js';
import { NewBudgetButton } from './new-budget.js';
import { useBudgets, useRefusals } from './use-budgets.js';

/** Every budget, as the gateways have it. */
export function BudgetList() {
  const { data, error, refetch, dataUpdatedAt } = useBudgets();
  const { counts, unasked } = useRefusals();
  const now = useNow(1_000);
  return (
    <section className="panel" aria-labelledby="budgets">
      <div className="flex min-h-16 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-4 sm:px-6">
        <div className="min-w-0 flex-1 basis-64">
          <h1 id="budgets" className="text-base font-semibold">
            Budgets
          </h1>
          <p className="text-[0.8125rem] text-ink-2">
            {data === undefined ? <Skeleton className="h-4 w-64" /> : <Standing list={data} />}
          </p>
        </div>
        {data && <NewBudgetButton budgets={data.budgets} />}
      </div>
      {data?.problems.map((problem) => (
        <p
          key={problem}
          className="border-t border-warn-line bg-warn-soft px-4 py-2 text-[0.8125rem] text-warn sm:px-6"
        >
          {problem}
        </p>
      ))}
      {data?.shared === true && unasked.size > 0 && (
        <p
          role="status"
          className="border-t border-warn-line bg-warn-soft px-4 py-2 text-[0.8125rem] text-warn sm:px-6"
        >
          Balances in Redis could not be asked within the last minute. Until they can, each budget
          goes by its “unavailable”: closed ones refuse, open ones let pass.
        </p>
      )}
      {error && data && (
        <div className="border-t border-line px-4 py-2 sm:px-6">
          <StaleHint
            error={error}
            updatedAt={formatClockSeconds(dataUpdatedAt)}
            retry={() => void refetch()}
          />
        </div>
      )}
      {error && !data && <Failure what="the budgets" error={error} retry={() => void refetch()} />}
      {!data && !error && <Placeholder />}
      {data?.budgets.length === 0 && <FirstBudget />}
      <ul>
        {data?.budgets.map((budget) => (
          <BudgetLine
            key={budget.name}
            budget={budget}
            now={now}
            refused={counts.get(budget.name) ?? 0}
            unasked={unasked.has(budget.name)}
          />
        ))}
      </ul>
    </section>
  );
}

/** How they stand together, and whose figures these are. */
function Standing({ list: { budgets, live, shared, as_of: at } }: { list: List }) {
  const { data: status } = useStatus();
  if (budgets.length === 0) return <>There is none.</>;
  const { soft, full } = countLevels(budgets);
  return (
    <>
      {full > 0 && <span className="font-medium text-bad">{full} used up, </span>}
      {soft > 0 && <span className="font-medium text-warn">{soft} nearly used up, </span>}
      {full + soft === 0 ? 'All have room. ' : `of ${plural(budgets.length, 'budget')}. `}
      {live ? (
        <span className="text-ink-3">
          As the gateway has it, <span className="figure">{formatClockSeconds(at)}</span> UTC
          {shared && '; shared by gateways through Redis'}.
        </span>
      ) : shared ? (
        <span className="text-warn">
          The gateway that wrote this last, at{' '}
          <span className="figure">{formatClockSeconds(at)}</span> UTC, runs no more; other gateways
          go on through Redis.
        </span>
      ) : status?.gateway.reachable === false ? (
        <span className="text-warn">
          No gateway runs, so nothing is refused: from its last balances and the journals.
        </span>
      ) : (
        <span className="text-ink-3">From the last balances and the journals.</span>
      )}
    </>
  );
}

function Placeholder() {
  return (
    <div>
      <Loading what="the budgets" />
      {Array.from({ length: 6 }, (_, index) => (
        <div key={index} className="border-t border-line px-4 py-5 sm:px-6">
          <Skeleton className="block h-[6.25rem] w-full" />
        </div>
      ))}
    </div>
  );
}
