import type { Incident, IncidentList } from '@farthing/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { useLiveIncidents, useLiveState } from '../api/live.js';
import { Alert, Cross } from '../controls/icons.js';
import { plural } from '../figures/counts.js';
import { incidentKeys, takeIncident } from './incident-cache.js';
import { isOpenPage } from './incident-words.js';

/** Keeps the incidents of all pages up to date, and says when one opens while somebody looks. */
export function LiveIncidents() {
  const client = useQueryClient();
  const { state } = useLiveState();
  const { pathname } = useLocation();
  const [told, setTold] = useState<readonly Incident[]>([]);
  const take = useCallback(
    (incident: Incident) => {
      const known = client.getQueryData<IncidentList>(incidentKeys.active)?.incidents;
      const now = Date.now();
      const before = known?.find(({ id }) => id === incident.id);
      takeIncident(client, incident);
      const isNew = known !== undefined && !(before !== undefined && isOpenPage(before, now));
      setTold((those) => {
        const others = those.filter(({ id }) => id !== incident.id);
        const stays = isOpenPage(incident, now) && (isNew || others.length < those.length);
        return stays ? [incident, ...others] : others;
      });
    },
    [client],
  );
  useLiveIncidents(take);
  // What happened while the stream was away was not told.
  useEffect(() => {
    if (state.status === 'open') void client.invalidateQueries({ queryKey: incidentKeys.all });
  }, [client, state.status]);
  // Who looks at incidents sees them there.
  const isThere = pathname.startsWith('/incidents');
  useEffect(() => {
    if (isThere) setTold([]);
  }, [isThere, told.length]);
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-0 z-30 flex justify-center p-4 sm:justify-end print:hidden"
    >
      {told[0] !== undefined && !isThere && (
        <OpenedNotice incident={told[0]} more={told.length - 1} onDismiss={() => setTold([])} />
      )}
    </div>
  );
}

function OpenedNotice({
  incident,
  more,
  onDismiss,
}: {
  incident: Incident;
  more: number;
  onDismiss: () => void;
}) {
  return (
    <div className="pointer-events-auto flex w-full max-w-md items-start gap-3 rounded-lg border border-line-strong bg-raised py-3 pr-2 pl-4 shadow-float">
      <span className="mt-0.5 text-bad">
        <Alert />
      </span>
      <div className="min-w-0 flex-1">
        <p className="text-[0.8125rem] text-ink-2">An incident has opened</p>
        <p className="font-semibold break-words">{incident.title}</p>
        <p className="mt-1.5 flex flex-wrap gap-x-4 text-[0.8125rem]">
          <Link
            to="/incidents/$id"
            params={{ id: incident.id }}
            className="font-medium text-accent-ink hover:underline"
          >
            Look at it
          </Link>
          {more > 0 && (
            <Link to="/incidents" className="font-medium text-accent-ink hover:underline">
              and {plural(more, 'other')}
            </Link>
          )}
        </p>
      </div>
      <button
        type="button"
        aria-label="Dismiss"
        onClick={onDismiss}
        className="grid size-8 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-sunk hover:text-ink"
      >
        <Cross size={14} />
      </button>
    </div>
  );
}
