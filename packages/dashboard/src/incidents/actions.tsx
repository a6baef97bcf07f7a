import type { Incident, IncidentAction } from '@farthing/core';
import { useState } from 'react';
import { decideAction, type Decision, type Deed } from '../api/incidents-contract.js';
import { scopeWords } from '../budgets/budget-words.js';
import { Badge } from '../controls/badge.js';
import { SmallButton } from '../controls/button.js';
import { ChangeDialog } from '../controls/dialog.js';
import { formatMoment } from '../figures/times.js';
import { ActDialog } from './act-dialog.js';
import { deedEffect, deedsFor } from './deed-words.js';
import { actionState, deedName, soon } from './incident-words.js';
import { useIncidentChange } from './use-incident-change.js';
import { useAlerts } from './use-incidents.js';

/** What holds for its calls, what waits for somebody's word, and what could be done for a time. */
export function Actions({ incident, now }: { incident: Incident; now: number }) {
  const [asking, setAsking] = useState<Deed | null>(null);
  const { actions, state } = incident;
  const { data: alerts } = useAlerts();
  // Which models are cheaper stands in the policy.
  const canDegrade = alerts?.actions.some((policy) => policy.do === 'degrade') === true;
  const possible =
    state === 'resolved'
      ? []
      : deedsFor(incident).filter((deed) => deed !== 'degrade' || canDegrade);
  if (actions.length === 0 && possible.length === 0) return null;
  return (
    <section aria-labelledby="actions" className="panel px-4 py-4 sm:px-6">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <h2 id="actions" className="font-semibold">
            Hold it back
          </h2>
          <p className="text-[0.8125rem] text-ink-2">
            {actions.some((action) => action.state === 'in_force')
              ? 'Something holds for its calls; it ends by itself, or when it is reverted.'
              : 'For a time, and revertible at once. Nothing is done without being asked for.'}
          </p>
        </div>
        {possible.length > 0 && (
          <div role="group" aria-label="Hold it back" className="flex flex-wrap gap-2">
            {possible.map((deed) => (
              <SmallButton key={deed} onClick={() => setAsking(deed)}>
                {deedName(deed)} …
              </SmallButton>
            ))}
          </div>
        )}
      </div>
      {actions.length > 0 && (
        <ul className="mt-3 border-t border-line text-[0.8125rem]">
          {actions.map((action) => (
            <ActionLine key={action.id} incident={incident} action={action} now={now} />
          ))}
        </ul>
      )}
      {possible.map((deed) => (
        <ActDialog
          key={deed}
          incident={incident}
          deed={deed}
          open={asking === deed}
          onClose={() => setAsking(null)}
        />
      ))}
    </section>
  );
}

const decisions: Record<Decision, { verb: string; sentence: string }> = {
  approve: { verb: 'Approve', sentence: 'It holds from now on.' },
  decline: { verb: 'Decline', sentence: 'Nothing is done; calls pass as they are.' },
  revert: { verb: 'Revert', sentence: 'It ends now; calls pass as they are again.' },
};

function ActionLine({
  incident,
  action,
  now,
}: {
  incident: Incident;
  action: IncidentAction;
  now: number;
}) {
  const [asking, setAsking] = useState<Decision | null>(null);
  const take = useIncidentChange();
  const { text, tone } = actionState(action.state);
  const { scope, until, by, at } = action;
  const offered: Decision[] =
    action.state === 'waiting'
      ? ['approve', 'decline']
      : action.state === 'in_force'
        ? ['revert']
        : [];
  const name = deedName(action.do);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 border-b border-line py-2.5 last:border-0">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{name}</span>
          <Badge tone={tone}>{text}</Badge>
        </p>
        <p className="break-words text-ink-2">
          {scopeWords(scope)}: {deedEffect(action.do)}
        </p>
        <p className="figure text-ink-3">
          {formatMoment(at)} UTC{by !== null && ` by ${by}`}
          {action.state === 'in_force' && until !== null && Date.parse(until) > now && (
            <>, until {soon(until, now)}</>
          )}
        </p>
      </div>
      {offered.map((decision) => (
        <SmallButton
          key={decision}
          onClick={() => setAsking(decision)}
          aria-label={`${decisions[decision].verb} ${name.toLowerCase()}`}
        >
          {decisions[decision].verb}
        </SmallButton>
      ))}
      {offered.map((decision) => (
        <ChangeDialog
          key={decision}
          title={`${decisions[decision].verb} “${name.toLowerCase()}”?`}
          open={asking === decision}
          onClose={() => setAsking(null)}
          confirm={decisions[decision].verb}
          severe={decision === 'approve'}
          work={() => take(decideAction(incident.id, action.id, decision))}
        >
          <p className="text-ink-2">
            {scopeWords(scope)}: {deedEffect(action.do)}. {decisions[decision].sentence}
          </p>
        </ChangeDialog>
      ))}
    </li>
  );
}
