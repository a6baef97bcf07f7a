import type { BucketSize } from '@farthing/core';
import { lazy, Suspense, useState } from 'react';
import type { Report } from '../api/use-report.js';
import { ChartTable } from '../chart/chart-table.js';
import type { SeriesKey } from '../chart/stack.js';
import { Choice } from '../controls/choice.js';
import { Failure, StaleHint } from '../controls/failure.js';
import { Loading } from '../controls/skeleton.js';
import { formatClockSeconds } from '../figures/times.js';
import { useView } from '../view/use-view.js';
import { bucketChoices, windowOf } from '../view/window.js';
import { GroupChoice } from './group-choice.js';
import type { GroupReport } from './group-report.js';
import { Legend } from './legend.js';

const bucketLabels: Record<BucketSize, string> = {
  minute: 'per minute',
  hour: 'per hour',
  day: 'per day',
  week: 'per week',
  month: 'per month',
};
const chartHeight = 320;

// The figures need no chart library; it comes while they are being fetched.
const SpendChart = lazy(async () => ({
  default: (await import('../chart/spend-chart.js')).SpendChart,
}));

export function SpendOverTime({
  report,
  colourOf,
}: {
  report: Report<GroupReport>;
  colourOf: (key: SeriesKey) => string;
}) {
  const { view, change } = useView();
  const [asTable, setAsTable] = useState(false);
  const { data, error, outdated, updatedAt, retry } = report;
  const sizes = bucketChoices(windowOf(view.window, Date.now()));
  const bucket = view.bucket ?? data?.bucket ?? sizes[0] ?? 'hour';
  const zoom = (from: number, to: number) =>
    change({
      window: {
        kind: 'custom',
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
      },
      bucket: null,
    });
  return (
    <section aria-labelledby="over-time" className="panel px-4 pt-4 pb-4 sm:px-6">
      <div className="flex flex-wrap items-center gap-2">
        <h2 id="over-time" className="mr-1 text-base font-semibold">
          Spend over time
        </h2>
        <GroupChoice />
        <Choice
          label="Bucket"
          value={bucket}
          options={(sizes.includes(bucket) ? sizes : [bucket, ...sizes]).map((size) => ({
            value: size,
            label: bucketLabels[size],
          }))}
          onChange={(size) => change({ bucket: size })}
        />
        <button
          type="button"
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
          className="ml-auto h-8 rounded-md px-2.5 text-[0.8125rem] text-ink-2 hover:bg-sunk hover:text-ink aria-pressed:bg-sunk aria-pressed:font-medium aria-pressed:text-ink"
        >
          {asTable ? 'Show chart' : 'Show as table'}
        </button>
      </div>
      {error && !data ? (
        <div className="flex items-center justify-center" style={{ minHeight: chartHeight }}>
          <Failure what="spend over time" error={error} retry={retry} />
        </div>
      ) : (
        <div
          className={`mt-4 grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,1fr)_17rem] ${outdated ? 'outdated' : ''}`}
        >
          {!data ? (
            <div className="skeleton opacity-50" style={{ height: chartHeight }}>
              <Loading what="spend over time" />
            </div>
          ) : asTable ? (
            <ChartTable
              stack={data.stack}
              bucket={data.bucket}
              dimension={data.dimension}
              height={chartHeight}
            />
          ) : (
            <Suspense
              fallback={<div className="skeleton opacity-50" style={{ height: chartHeight }} />}
            >
              <SpendChart
                stack={data.stack}
                bucket={data.bucket}
                dimension={data.dimension}
                colourOf={colourOf}
                height={chartHeight}
                onZoom={zoom}
              />
            </Suspense>
          )}
          <Legend report={data} colourOf={colourOf} />
        </div>
      )}
      {data && <StaleHint error={error} updatedAt={formatClockSeconds(updatedAt)} retry={retry} />}
    </section>
  );
}
