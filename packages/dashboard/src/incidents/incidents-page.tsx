import type { Incident, IncidentSeverity, IncidentState } from '@farthing/core';
import { Choice, type Option } from '../controls/choice.js';
import { Failure, StaleHint } from '../controls/failure.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { useNow } from '../controls/use-now.js';
import { formatClockSeconds } from '../figures/times.js';
import { useChoice } from '../view/use-choice.js';
import { useView } from '../view/use-view.js';
import { AllQuiet } from './all-quiet.js';
import { HeldBack } from './held-back.js';
import { byUrgency, chosen, isGroupDimension, lastResolvedFirst } from './incident-order.js';
import { groupName, standingSentence } from './incident-words.js';
import { IncidentTable } from './incident-table.js';
import {
  useActiveIncidents,
  useAlerts,
  useResolvedIncidents,
  useRestrictions,
} from './use-incidents.js';
import { Watched } from './watched.js';

const states = ['any', 'open', 'acknowledged', 'resolved'] as const;
const severities = ['any', 'page', 'record'] as const;

/** What is wrong now, what was, and what is watched. */
export function IncidentsPage() {
  const active = useActiveIncidents();
  const resolved = useResolvedIncidents();
  const restrictions = useRestrictions();
  useAlerts();
  const now = useNow(15_000);
  const { view } = useView();
  const [state] = useChoice('state', states);
  const [severity] = useChoice('severity', severities);
  const choice = {
    state: state === 'any' ? null : (state satisfies IncidentState),
    severity: severity === 'any' ? null : (severity satisfies IncidentSeverity),
    filters: view.filters,
  };
  const all = active.data?.incidents;
  const current = all && byUrgency(chosen(all, choice));
  const past = resolved.data && lastResolvedFirst(chosen(resolved.data.incidents, choice));
  // What stands below comes when its place is known, so that nothing moves.
  const isThere = !active.isPending && !resolved.isPending && !restrictions.isPending;
  const isQuiet = all?.length === 0 && state !== 'resolved';
  const isNarrowed = (all?.length ?? 0) > (current?.length ?? 0);
  return (
    <div className="space-y-4 pt-5">
      <section aria-labelledby="incidents" className="panel">
        <div className="flex flex-wrap items-start gap-x-6 gap-y-3 px-4 pt-4 pb-4 sm:px-6">
          <div className="min-w-0 flex-1 basis-72">
            <h1 id="incidents" className="text-base font-semibold">
              Incidents
            </h1>
            <p className="text-[0.8125rem] text-ink-2">
              {all === undefined ? <Skeleton className="h-4 w-64" /> : standingSentence(all, now)}
            </p>
          </div>
          <Choices incidents={[...(all ?? []), ...(resolved.data?.incidents ?? [])]} />
        </div>
        {active.error && all !== undefined && (
          <div className="px-4 pb-3 sm:px-6">
            <StaleHint
              error={active.error}
              updatedAt={formatClockSeconds(active.dataUpdatedAt)}
              retry={() => void active.refetch()}
            />
          </div>
        )}
        {active.error && all === undefined && (
          <Failure what="the incidents" error={active.error} retry={() => void active.refetch()} />
        )}
        {all === undefined && !active.error && (
          <div className="border-t border-line px-4 py-4 sm:px-6">
            <Loading what="the incidents" />
            <Skeleton className="block h-40 w-full" />
          </div>
        )}
        {current !== undefined && current.length > 0 && (
          <IncidentTable incidents={current} now={now} label="Open incidents" />
        )}
        {current?.length === 0 &&
          (isNarrowed || state === 'resolved' ? (
            state !== 'resolved' && (
              <p className="border-t border-line px-4 py-8 text-center text-ink-3 sm:px-6">
                None of the open incidents is like this.
              </p>
            )
          ) : (
            <AllQuiet />
          ))}
      </section>
      {isThere && (
        <>
          <HeldBack now={now} />
          {past !== undefined && past.length > 0 && (
            <section aria-labelledby="resolved" className="panel">
              <h2 id="resolved" className="px-4 pt-4 pb-3 text-base font-semibold sm:px-6">
                Resolved
              </h2>
              <IncidentTable incidents={past} now={now} label="Resolved incidents" past />
            </section>
          )}
          {state === 'resolved' && past?.length === 0 && (
            <p className="panel px-4 py-8 text-center text-ink-3">None has been resolved.</p>
          )}
          <Watched isSaid={isQuiet} />
        </>
      )}
    </div>
  );
}

const stateOptions: Option<(typeof states)[number]>[] = [
  { value: 'any', label: 'in any state' },
  { value: 'open', label: 'open' },
  { value: 'acknowledged', label: 'acknowledged' },
  { value: 'resolved', label: 'resolved' },
];
const severityOptions: Option<(typeof severities)[number]>[] = [
  { value: 'any', label: 'pages and records' },
  { value: 'page', label: 'pages' },
  { value: 'record', label: 'records' },
];

/** What the lists are narrowed to, in the URL. */
function Choices({ incidents }: { incidents: readonly Incident[] }) {
  const { view, change } = useView();
  const [state, chooseState] = useChoice('state', states);
  const [severity, chooseSeverity] = useChoice('severity', severities);
  const others = view.filters.filter(({ dimension }) => !isGroupDimension(dimension));
  const own = view.filters.find(({ dimension, op }) => isGroupDimension(dimension) && op === 'in');
  const mine = own === undefined ? '' : `${own.dimension} ${own.values[0] ?? ''}`;
  const groups = new Map<string, Record<string, string>>();
  for (const { group } of incidents) {
    const [entry] = Object.entries(group);
    if (entry !== undefined && isGroupDimension(entry[0])) groups.set(entry.join(' '), group);
  }
  if (own !== undefined && !groups.has(mine))
    groups.set(mine, { [own.dimension]: own.values[0] ?? 'unattributed' });
  const chooseGroup = (key: string) => {
    const [dimension = '', value = ''] = Object.entries(groups.get(key) ?? {})[0] ?? [];
    const added = isGroupDimension(dimension)
      ? [{ dimension, op: 'in' as const, values: [value] }]
      : [];
    change({ filters: [...others, ...added] });
  };
  return (
    <div role="group" aria-label="Show" className="flex flex-wrap gap-2">
      <Choice label="State" value={state} options={stateOptions} onChange={chooseState} />
      <Choice
        label="Severity"
        value={severity}
        options={severityOptions}
        onChange={chooseSeverity}
      />
      <Choice
        label="Feature"
        value={mine}
        options={[
          { value: '', label: 'of any feature' },
          ...[...groups]
            .map(([value, group]) => ({ value, label: groupName(group) }))
            .sort((left, right) => left.label.localeCompare(right.label)),
        ]}
        onChange={chooseGroup}
      />
    </div>
  );
}
