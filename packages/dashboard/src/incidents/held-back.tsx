import type { Restriction, StoppedRun } from '@farthing/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { RunLink } from '../answers/runs/run-link.js';
import { liftRestriction, releaseRun } from '../api/incidents-contract.js';
import { capital, deedWords, scopeWords } from '../budgets/budget-words.js';
import { SmallButton } from '../controls/button.js';
import { ChangeDialog } from '../controls/dialog.js';
import { incidentKeys } from './incident-cache.js';
import { soon } from './incident-words.js';
import { useRestrictions } from './use-incidents.js';

/** What holds calls back now beside budgets, whoever asked for it, and what ends it. Empty while nothing does. */
export function HeldBack({ now }: { now: number }) {
  const { data } = useRestrictions();
  const { restrictions = [], stopped_runs: runs = [] } = data ?? {};
  if (restrictions.length + runs.length === 0) return null;
  return (
    <section aria-labelledby="held-back" className="panel">
      <h2 id="held-back" className="px-4 pt-4 pb-2 text-base font-semibold sm:px-6">
        Held back now
      </h2>
      <ul className="text-[0.8125rem]">
        {restrictions.map((restriction) => (
          <Line
            key={restriction.id}
            order={restriction}
            now={now}
            name={scopeWords(restriction.scope)}
            effect={effectOf(restriction)}
            verb="Lift"
            what={scopeWords(restriction.scope)}
            end={() => liftRestriction(restriction.id)}
          />
        ))}
        {runs.map((stopped) => (
          <Line
            key={stopped.id}
            order={stopped}
            now={now}
            name={
              <>
                Run <RunLink id={stopped.run} />
              </>
            }
            effect="every further call is refused"
            verb="Release"
            what={`run ${stopped.run}`}
            end={() => releaseRun(stopped.run)}
          />
        ))}
      </ul>
    </section>
  );
}

const effectOf = ({ step, one_in: oneIn, downgrade }: Restriction): string =>
  step === 'throttle'
    ? `one call in ${oneIn} passes, the others are refused`
    : step === 'block'
      ? 'every call is refused'
      : `${deedWords(step)}${downgrade.length > 1 ? ` (${downgrade.join(' → ')})` : ''}`;

function Line({
  order,
  now,
  name,
  effect,
  verb,
  what,
  end,
}: {
  order: Pick<Restriction | StoppedRun, 'cause' | 'until' | 'by' | 'incident'>;
  now: number;
  name: ReactNode;
  effect: string;
  verb: string;
  what: string;
  end: () => Promise<unknown>;
}) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const { cause, until, by, incident } = order;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 border-t border-line px-4 py-2.5 sm:px-6">
      <div className="min-w-0 flex-1 basis-64">
        <p className="break-words">
          <span className="font-medium">{name}</span>: {effect}
        </p>
        <p className="figure break-words text-ink-2">
          {capital(cause)}. Until {soon(until, now)} UTC, by {by}.
        </p>
      </div>
      {incident === null ? (
        <SmallButton onClick={() => setAsking(true)} aria-label={`${verb} ${what}`}>
          {verb}
        </SmallButton>
      ) : (
        <Link
          to="/incidents/$id"
          params={{ id: incident }}
          className="font-medium text-accent-ink hover:underline"
        >
          Its incident
        </Link>
      )}
      <ChangeDialog
        title={`${verb} ${what}?`}
        open={asking}
        onClose={() => setAsking(false)}
        confirm={verb}
        work={async () => {
          await end();
          await client.invalidateQueries({ queryKey: incidentKeys.restrictions });
        }}
      >
        <p className="text-ink-2">Its calls pass as they are again, from now on.</p>
      </ChangeDialog>
    </li>
  );
}
