import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Outcome } from '../api/budgets-contract.js';
import { useBudgets, useDecisions } from '../budgets/use-budgets.js';
import { Choice } from '../controls/choice.js';
import { Failure } from '../controls/failure.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import type { Search } from '../view/view.js';
import { AcknowledgeButton } from './acknowledge.js';
import { DecisionDrawer } from './decision-drawer.js';
import { DecisionLine } from './decision-line.js';

const steps = [15, 100, 500] as const;

/** Calls that budgets refused, changed or warned about, the newest first. */
export function Decisions() {
  const [outcome, setOutcome] = useState<Outcome | 'all'>('all');
  const [budget, setBudget] = useState('');
  const [limit, setLimit] = useState<number>(steps[0]);
  const { data, error, refetch, isPlaceholderData } = useDecisions({
    limit,
    outcome: outcome === 'all' ? null : outcome,
    budget: budget === '' ? null : budget,
  });
  const { data: list } = useBudgets();
  const [shown, show] = useShown();
  const decisions = data?.decisions;
  const next = steps.find((step) => step > limit);
  return (
    <section className="panel" aria-labelledby="decisions">
      <div className="flex flex-wrap items-center gap-2 px-4 pt-4 pb-3 sm:px-6">
        <h2 id="decisions" className="mr-1 text-base font-semibold">
          Refused and changed calls
        </h2>
        <Choice
          label="Which decisions"
          value={outcome}
          options={[
            { value: 'all', label: 'all' },
            { value: 'refused', label: 'refused' },
            { value: 'admitted', label: 'changed or warned' },
          ]}
          onChange={setOutcome}
        />
        {list !== undefined && list.budgets.length > 1 && (
          <Choice
            label="Budget"
            value={budget}
            options={[
              { value: '', label: 'any budget' },
              ...list.budgets.map(({ name }) => ({ value: name, label: name })),
            ]}
            onChange={setBudget}
          />
        )}
        <div className="ml-auto">
          <AcknowledgeButton />
        </div>
      </div>
      {error && !data && (
        <Failure what="the decisions" error={error} retry={() => void refetch()} />
      )}
      {!data && !error && (
        <div className="border-t border-line px-4 py-4 sm:px-6">
          <Loading what="the decisions" />
          <Skeleton className="block h-40 w-full" />
        </div>
      )}
      {decisions?.length === 0 && (
        <p className="border-t border-line px-4 py-8 text-center text-ink-3 sm:px-6">
          {outcome === 'all' && budget === ''
            ? 'No call was refused, changed or warned about. When one is, it stands here with every account that was asked.'
            : 'None like this is on record.'}
        </p>
      )}
      {decisions !== undefined && decisions.length > 0 && (
        <table
          className={`w-full table-fixed text-[0.8125rem] ${isPlaceholderData ? 'outdated' : ''}`}
        >
          <thead className="border-y border-line text-ink-3">
            <tr>
              <th scope="col" className={`${head} hidden w-28 pl-6 text-left md:table-cell`}>
                Time, UTC
              </th>
              <th scope="col" className={`${head} pl-4 text-left sm:pl-6 md:w-[26%] md:pl-3`}>
                Call
              </th>
              <th scope="col" className={`${head} w-32 text-left`}>
                Outcome
              </th>
              <th scope="col" className={`${head} hidden text-left md:table-cell`}>
                What was done
              </th>
              <th scope="col" className={`${head} hidden w-20 pr-6 text-right sm:table-cell`}>
                Calls
              </th>
            </tr>
          </thead>
          <tbody>
            {decisions.map((decision) => (
              <DecisionLine key={decision.call} decision={decision} onOpen={show} />
            ))}
          </tbody>
        </table>
      )}
      {next !== undefined && decisions?.length === limit && (
        <div className="flex justify-center border-t border-line px-6 py-3">
          <button
            type="button"
            onClick={() => setLimit(next)}
            className="h-8 rounded-md border border-line-strong bg-surface px-3 text-[0.8125rem] font-medium hover:bg-sunk"
          >
            Show up to {next}
          </button>
        </div>
      )}
      <DecisionDrawer call={shown} onClose={() => show(null)} />
    </section>
  );
}

const head = 'px-3 py-2 font-medium whitespace-nowrap';

/** The decision that is open stands in the URL: it can be linked to, and the back button closes it. */
function useShown(): [string | null, (call: string | null) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const shown = [search['why']].flat()[0] ?? null;
  const show = (call: string | null) =>
    void navigate({
      to: '.',
      search: ({ why: _closed, ...rest }: Search) =>
        call === null ? rest : { ...rest, why: call },
      resetScroll: false,
    } as never);
  return [shown, show];
}
