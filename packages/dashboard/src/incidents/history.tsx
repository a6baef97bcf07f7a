import type { Incident, IncidentEvent } from '@farthing/core';
import { formatFullDay, formatClockSeconds } from '../figures/times.js';
import { eventName } from './incident-words.js';

const dots: Partial<Record<IncidentEvent['what'], string>> = {
  opened: 'bg-bad',
  reopened: 'bg-bad',
  resolved: 'bg-accent',
  action: 'bg-warn',
};

/** What happened to it, and who did it, oldest first; it begins before it was found. */
export function History({ incident }: { incident: Incident }) {
  const { history, since } = incident;
  return (
    <section aria-labelledby="history" className="panel self-start px-4 py-4 sm:px-6">
      <h2 id="history" className="font-semibold">
        History
      </h2>
      <ol className="mt-2 max-h-[32rem] overflow-y-auto text-[0.8125rem]">
        <Event at={since} what="Began" dot="bg-line-strong" isLast={history.length === 0} />
        {history.map(({ at, what, by, note }, index) => (
          <Event
            key={`${at} ${what} ${index}`}
            at={at}
            what={eventName(what)}
            by={by}
            note={note}
            dot={dots[what] ?? 'bg-ink-3'}
            isLast={index === history.length - 1}
          />
        ))}
      </ol>
    </section>
  );
}

function Event({
  at,
  what,
  by,
  note,
  dot,
  isLast,
}: {
  at: string;
  what: string;
  by?: string;
  note?: string | undefined;
  dot: string;
  isLast: boolean;
}) {
  return (
    <li className="relative flex gap-3 pb-3 last:pb-0">
      <span className="relative w-2.5 shrink-0">
        <span className={`absolute top-[0.3rem] left-0 size-2.5 rounded-full ${dot}`} />
        {!isLast && (
          <span className="absolute top-5 -bottom-3 left-[0.28rem] w-px bg-line-strong" />
        )}
      </span>
      <span className="min-w-0">
        <span className="font-medium">{what}</span>
        {by !== undefined && <span className="text-ink-2"> by {by}</span>}
        <time dateTime={at} className="figure block text-ink-3">
          {formatFullDay(at)}, {formatClockSeconds(at)}
        </time>
        {note !== undefined && <span className="block break-words text-ink-2">{note}</span>}
      </span>
    </li>
  );
}
