import { Link } from '@tanstack/react-router';
import { Check } from '../controls/icons.js';
import { Skeleton } from '../controls/skeleton.js';
import { plural } from '../figures/counts.js';
import { byUrgency } from './incident-order.js';
import { aboveWords, isMuted } from './incident-words.js';
import { useActiveIncidents } from './use-incidents.js';

/** On the overview: what is wrong now, in one line. It keeps its height when nothing is. */
export function OpenIncidentsLine() {
  const { data, error } = useActiveIncidents();
  const now = Date.now();
  const open = byUrgency(data?.incidents ?? []).filter(
    (incident) => incident.state === 'open' && !isMuted(incident, now),
  );
  const [first] = open;
  return (
    <p className="flex min-h-5 min-w-0 items-baseline gap-2 px-1 text-[0.8125rem]">
      {first !== undefined ? (
        <>
          <span
            aria-hidden="true"
            className={`size-2 shrink-0 self-center rounded-full ${first.severity === 'page' ? 'bg-bad' : 'bg-ink-3'}`}
          />
          <Link
            to="/incidents/$id"
            params={{ id: first.id }}
            className="min-w-0 truncate font-medium hover:underline"
            title={first.title}
          >
            {first.title}
          </Link>
          {first.size !== null && (
            <span className="figure hidden whitespace-nowrap text-ink-2 sm:inline">
              {aboveWords(first.size)}
            </span>
          )}
          <Link
            to="/incidents"
            className="ml-auto whitespace-nowrap text-accent-ink hover:underline"
          >
            {open.length === 1 ? 'Incidents' : `${plural(open.length - 1, 'other')} open`}
          </Link>
        </>
      ) : data !== undefined ? (
        <>
          <span className="self-center text-accent-ink">
            <Check size={14} />
          </span>
          <Link to="/incidents" className="text-ink-2 hover:text-ink hover:underline">
            No incident is open
          </Link>
        </>
      ) : (
        error === null && <Skeleton className="h-4 w-64" />
      )}
    </p>
  );
}
