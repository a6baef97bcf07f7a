import type { Incident } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import { memo, useState } from 'react';
import { table } from '../answers/openable-row.js';
import { Badge } from '../controls/badge.js';
import { SmallButton } from '../controls/button.js';
import { Money } from '../controls/money.js';
import { formatAgo, formatMoment } from '../figures/times.js';
import { columnDigits } from '../money/usd.js';
import { carry, useView } from '../view/use-view.js';
import { changeWords, causeWords, groupName, lasted, standing } from './incident-words.js';

/** More than anybody reads at once; the others are a press away. */
const atOnce = 50;

/** Incidents with what they cost; each leads to its page. */
export function IncidentTable({
  incidents,
  now,
  label,
  past = false,
}: {
  incidents: readonly Incident[];
  now: number;
  label: string;
  /** They are over: what they took stands in the place of what they will take. */
  past?: boolean;
}) {
  const { view } = useView();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? incidents : incidents.slice(0, atOnce);
  const digits = columnDigits(
    incidents.map(({ size }) =>
      size === null ? null : past ? size.above_usd : size.above_usd_per_hour,
    ),
  );
  const search = carry(view);
  return (
    <>
      <table aria-label={label} className="w-full border-t border-line text-[0.8125rem]">
        <thead className="border-b border-line text-ink-3">
          <tr>
            <th scope="col" className={`${table.head} text-left`}>
              Incident
            </th>
            <th scope="col" className={`${table.head} hidden text-left sm:table-cell`}>
              {past ? 'Lasted' : 'Since, UTC'}
            </th>
            <th scope="col" className={`${table.head} text-right`}>
              Above normal
              {!past && <span className="hidden sm:inline"> per hour</span>}
            </th>
            {!past && (
              <>
                <th scope="col" className={`${table.head} hidden text-right lg:table-cell`}>
                  By midnight
                </th>
                <th scope="col" className={`${table.head} hidden text-right lg:table-cell`}>
                  By month’s end
                </th>
              </>
            )}
            <th scope="col" className={`${table.head} hidden text-left md:table-cell`}>
              State
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((incident) => (
            <IncidentRow
              key={incident.id}
              incident={incident}
              now={now}
              past={past}
              digits={digits}
              search={search}
            />
          ))}
        </tbody>
      </table>
      {shown.length < incidents.length && (
        <div className="flex justify-center border-t border-line px-6 py-3">
          <SmallButton onClick={() => setWhole(true)}>Show all {incidents.length}</SmallButton>
        </div>
      )}
    </>
  );
}

const IncidentRow = memo(function IncidentRow({
  incident,
  now,
  past,
  digits,
  search,
}: {
  incident: Incident;
  now: number;
  past: boolean;
  digits: number;
  search: object;
}) {
  const { id, title, group, cause, severity, since, size, change } = incident;
  const state = standing(incident, now);
  const badges = (
    <>
      <Badge tone={severity === 'page' && !past ? 'bad' : 'calm'}>
        {severity === 'page' ? 'Page' : 'Record'}
      </Badge>{' '}
      {!past && (state.text !== 'Open' || severity !== 'page') && (
        <Badge tone={state.tone}>{state.text}</Badge>
      )}
    </>
  );
  return (
    <tr className="relative border-b border-line last:border-0 hover:bg-sunk">
      <th scope="row" className={`${table.cell} pl-4 text-left font-normal sm:pl-6`}>
        <Link
          to="/incidents/$id"
          params={{ id }}
          search={search as never}
          className="block font-medium break-words after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-ink"
        >
          {title}
        </Link>
        <span className="mt-0.5 block break-words text-ink-3">
          {groupName(group, cause)} · {causeWords(cause).toLowerCase()}
          {change !== null && <> · {changeWords(change)}</>}
        </span>
        <span className="figure mt-1 block text-xs text-ink-3 sm:hidden">
          {past ? lasted(incident) : `since ${formatMoment(since)}`}
        </span>
        <span className="mt-1 block md:hidden">{badges}</span>
      </th>
      <td className={`${table.cell} figure hidden whitespace-nowrap sm:table-cell`}>
        {past ? (
          <>
            {lasted(incident)}
            <span className="block text-ink-3">from {formatMoment(since)}</span>
          </>
        ) : (
          <>
            {formatMoment(since)}
            <span className="block text-ink-3">{formatAgo(now - Date.parse(since))}</span>
          </>
        )}
      </td>
      <td className={`${table.cell} text-right font-semibold`}>
        {size === null ? (
          <span className="font-normal text-ink-3">–</span>
        ) : (
          <Money usd={past ? size.above_usd : size.above_usd_per_hour} digits={digits} />
        )}
        {size !== null && !past && (
          <span className="block text-xs font-normal text-ink-3 sm:hidden">an hour</span>
        )}
      </td>
      {!past && (
        <>
          <td className={`${table.cell} hidden text-right lg:table-cell`}>
            {size === null ? '–' : <Money usd={size.by_midnight_usd} />}
          </td>
          <td className={`${table.cell} hidden text-right lg:table-cell`}>
            {size?.by_month_end_usd == null ? '–' : <Money usd={size.by_month_end_usd} />}
          </td>
        </>
      )}
      <td className={`${table.cell} hidden space-x-1 whitespace-nowrap md:table-cell`}>{badges}</td>
    </tr>
  );
});
