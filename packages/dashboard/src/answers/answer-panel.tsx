import type { AnswerFrame } from '@farthing/core';
import { useId, type ReactNode } from 'react';
import type { Report } from '../api/use-report.js';
import { Failure, StaleHint } from '../controls/failure.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { formatMoment } from '../figures/times.js';
import { FrameLine } from './frame-line.js';

/**
 * One answer: what was asked, the answer in a sentence, its figures, and what must be known to believe
 * them. Refreshing keeps the figures in place.
 */
export function AnswerPanel<Data extends { frame: AnswerFrame }>({
  title,
  what,
  report,
  controls,
  sentence,
  children,
}: {
  title: string;
  /** For "Could not load …": `the outliers`. */
  what: string;
  report: Report<Data>;
  /** Choices that this answer has beside window and filters. */
  controls?: ReactNode;
  /** The answer for people who read nothing else. */
  sentence?: (data: Data) => ReactNode;
  children: (data: Data) => ReactNode;
}) {
  const { data, error, outdated, retry, updatedAt } = report;
  const id = useId();
  return (
    <section aria-labelledby={id} className={`panel py-5 ${outdated ? 'outdated' : ''}`}>
      <div className="flex flex-wrap items-start gap-x-6 gap-y-3 px-4 sm:px-6">
        <div className="min-w-0 flex-1 basis-80">
          <h2 id={id} className="text-base font-semibold">
            {title}
          </h2>
          {data && sentence && (
            <p className="mt-1 max-w-[52rem] text-[1.0625rem] text-ink">{sentence(data)}</p>
          )}
        </div>
        {controls}
      </div>
      {error && !data && <Failure what={what} error={error} retry={retry} />}
      {!data && !error && (
        <div className="px-4 pt-4 sm:px-6">
          <Loading what={what} />
          <Skeleton className="block h-[24rem] w-full" />
        </div>
      )}
      {data && (
        <>
          {error && (
            <div className="px-4 pt-2 sm:px-6">
              <StaleHint
                error={error}
                updatedAt={formatMoment(new Date(updatedAt).toISOString())}
                retry={retry}
              />
            </div>
          )}
          <div className="mt-4">{children(data)}</div>
          <div className="mt-4">
            <FrameLine frame={data.frame} />
          </div>
        </>
      )}
    </section>
  );
}
