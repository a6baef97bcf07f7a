import type { DryRun } from '@farthing/core';
import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { tryRule } from '../api/incidents-contract.js';
import { Failure } from '../controls/failure.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { formatCount, plural } from '../figures/counts.js';
import { formatRange } from '../figures/times.js';
import { groupName } from './incident-words.js';

const past = '30d';

/** Asks how often a rule would have fired on what is booked, and on whom. Nobody is told. */
export function TryRule({
  name,
  label,
}: {
  /** A rule's, or `detectors` for all that watch by themselves. */
  name: string;
  label: string;
}) {
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['try rule', name],
    queryFn: () => tryRule(name, past),
    enabled: isOpen,
  });
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger
        aria-label={name === 'detectors' ? label : `${label}: ${name}`}
        className="font-medium whitespace-nowrap text-accent-ink hover:underline"
      >
        {label}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-30 bg-[#0c110f]/40 transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Dialog.Popup className="fixed top-1/2 left-1/2 z-40 max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-xl border border-line-strong bg-raised p-5 shadow-float outline-none sm:p-6">
          <Dialog.Title className="text-base font-semibold break-words">
            {name === 'detectors' ? 'The detectors' : `“${name}”`} on the last 30 days
          </Dialog.Title>
          <div className="mt-2 min-h-32">
            {error !== null && (
              <Failure what="the trial" error={error} retry={() => void refetch()} />
            )}
            {data === undefined && error === null && (
              <>
                <Loading what="the trial" />
                <Skeleton className="block h-24 w-full" />
              </>
            )}
            {data !== undefined && <Trial trial={data} />}
          </div>
          <div className="mt-4 flex justify-end">
            <Dialog.Close className="h-9 rounded-md border border-line-strong bg-surface px-3.5 font-medium hover:bg-sunk">
              Close
            </Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Trial({ trial }: { trial: DryRun }) {
  const { from, to, entries, groups, findings, top } = trial;
  return (
    <>
      <p className="text-ink-2">
        {findings === 0 ? 'Nothing would have been found.' : foundSentence(trial)} Looked at:{' '}
        {plural(entries, 'call')} of {plural(groups, 'group')}, {formatRange(from, to)}. Nobody was
        told.
      </p>
      {top.length > 0 && (
        <table className="figure mt-3 w-full text-[0.8125rem]">
          <thead className="border-b border-line text-ink-3">
            <tr>
              <th scope="col" className="py-1.5 text-left font-medium">
                Feature
              </th>
              <th scope="col" className="py-1.5 pl-3 text-right font-medium">
                Found
              </th>
              <th scope="col" className="py-1.5 pl-3 text-right font-medium">
                Incidents
              </th>
            </tr>
          </thead>
          <tbody>
            {top.map((each) => (
              <tr key={JSON.stringify(each.group)} className="border-b border-line last:border-0">
                <th scope="row" className="py-1.5 text-left font-normal break-words">
                  {groupName(each.group)}
                  <span className="block text-ink-3">{each.causes.join(', ')}</span>
                </th>
                <td className="py-1.5 pl-3 text-right">{formatCount(each.findings)}</td>
                <td className="py-1.5 pl-3 text-right">{formatCount(each.incidents)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** `Found 21 times, told as 2 incidents, 1 page among them: 0.4 pages for each feature and week.` */
function foundSentence(trial: DryRun): string {
  const { findings, incidents, pages, pages_per_feature_week: rate } = trial;
  const paged = pages === 0 ? ', none of them a page' : `, ${plural(pages, 'page')} among them`;
  const often =
    pages === 0 || rate === null ? '' : `: ${rate.toFixed(2)} for each feature and week`;
  return `Found ${plural(findings, 'time')}, told as ${plural(incidents, 'incident')}${paged}${often}.`;
}
