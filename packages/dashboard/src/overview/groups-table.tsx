import { useState } from 'react';
import type { Report } from '../api/use-report.js';
import { useReport } from '../api/use-report.js';
import type { SeriesKey } from '../chart/stack.js';
import { Failure } from '../controls/failure.js';
import { Skeleton } from '../controls/skeleton.js';
import { formatDay } from '../figures/times.js';
import { columnDigits, sumUsd } from '../money/usd.js';
import { dimensionLabel } from '../view/dimensions.js';
import { useView } from '../view/use-view.js';
import type { GroupReport } from './group-report.js';
import { GroupLine } from './group-line.js';
import { fetchTrends, type Trends } from './trend-report.js';

const firstRows = 10;
const head = 'px-3 py-2 font-medium whitespace-nowrap';

/** The values of the chosen dimension, dearest first, with what makes each of them dear. */
export function GroupsTable({
  report,
  colourOf,
}: {
  report: Report<GroupReport>;
  colourOf: (key: SeriesKey) => string;
}) {
  const { view } = useView();
  const [all, setAll] = useState(false);
  const trends = useReport(
    'trends',
    [view.window, view.group, view.filters, view.asOf],
    (now, signal) => fetchTrends(view, now, signal),
    report.data !== undefined,
  );
  const { data, error, outdated, retry } = report;
  const dimension = data?.dimension ?? view.group;
  const groups = data?.groups ?? [];
  const shown = all ? groups : groups.slice(0, firstRows);
  const digits = {
    cost: columnDigits(groups.map(({ cost }) => cost)),
    average: columnDigits(
      groups.map(({ average }) => average),
      1,
    ),
    p95: columnDigits(
      groups.map(({ p95 }) => p95),
      1,
    ),
  };
  const total = sumUsd(data?.stack.totals ?? []);
  if (error && !data)
    return (
      <section className="panel">
        <Failure what="the table" error={error} retry={retry} />
      </section>
    );
  return (
    <section
      aria-labelledby="groups"
      className={`panel overflow-hidden ${outdated ? 'outdated' : ''}`}
    >
      <h2 id="groups" className="px-4 pt-4 pb-2 text-base font-semibold sm:px-6">
        {dimensionLabel(dimension, 'many')} by spend
      </h2>
      <table className="w-full table-fixed text-[0.8125rem]">
        <thead className="border-b border-line text-ink-3">
          <tr>
            <th
              scope="col"
              className={`${head} w-[56%] sm:w-[38%] lg:w-[26%] pl-4 text-left sm:pl-6`}
            >
              {dimensionLabel(dimension)}
            </th>
            <th scope="col" className={`${head} sm:w-[15%] lg:w-[10%] pr-4 text-right sm:pr-3`}>
              Spend
            </th>
            <th scope="col" className={`${head} lg:w-[8%] hidden text-right sm:table-cell`}>
              Calls
            </th>
            <th scope="col" className={`${head} lg:w-[11%] hidden text-right sm:table-cell`}>
              Average
            </th>
            <th scope="col" className={`${head} lg:w-[10%] hidden text-right md:table-cell`}>
              p95
            </th>
            <th scope="col" className={`${head} hidden w-[15%] text-left lg:table-cell`}>
              Input and output cost
            </th>
            <th
              scope="col"
              className={`${head} w-[9%] hidden text-right xl:table-cell`}
              title="Output tokens per input token"
            >
              Out / in tokens
            </th>
            <th
              scope="col"
              className={`${head} hidden pr-4 text-left lg:table-cell`}
              title={trends.data && `The 7 days to ${formatDay(trends.data.lastDay)}`}
            >
              Average, 7 days
            </th>
          </tr>
        </thead>
        <tbody>
          {!data && <Placeholder />}
          {shown.map((group) => (
            <GroupLine
              key={group.key ?? '\0'}
              group={group}
              dimension={dimension}
              total={total}
              digits={digits}
              colour={colourOf(group.key)}
              trend={trendOf(trends.data, group.key)}
            />
          ))}
        </tbody>
      </table>
      {data && groups.length === 0 && (
        <p className="px-6 py-8 text-center text-ink-3">No calls match in this window.</p>
      )}
      {(groups.length > firstRows || data?.truncated) && (
        <div className="flex items-center gap-3 border-t border-line px-4 py-2 text-[0.8125rem] text-ink-3 sm:px-6">
          {groups.length > firstRows && (
            <button
              type="button"
              onClick={() => setAll(!all)}
              className="h-8 font-medium text-accent-ink hover:underline"
            >
              {all ? `Show the first ${firstRows}` : `Show all ${groups.length}`}
            </button>
          )}
          {data?.truncated && (
            <span>The {groups.length} dearest are listed; filter to reach the others.</span>
          )}
        </div>
      )}
    </section>
  );
}

function trendOf(trends: Trends | undefined, key: string | null) {
  const days = trends?.byValue.get(key);
  return trends === undefined || days === undefined ? undefined : { days, lastDay: trends.lastDay };
}

function Placeholder() {
  return Array.from({ length: 8 }, (_, index) => (
    <tr key={index} className="border-b border-line last:border-0">
      <td colSpan={8} className="h-[3.25rem] px-4 sm:px-6">
        <Skeleton className="h-4 w-full" />
      </td>
    </tr>
  ));
}
