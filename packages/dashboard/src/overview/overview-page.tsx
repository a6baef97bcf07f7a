import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { refreshReports } from '../api/refresh.js';
import { useReport } from '../api/use-report.js';
import { useStatus } from '../api/use-status.js';
import { Failure } from '../controls/failure.js';
import { OpenIncidentsLine } from '../incidents/open-incidents-line.js';
import { sumUsd } from '../money/usd.js';
import { ViewBar } from '../shell/view-bar.js';
import { useView } from '../view/use-view.js';
import { Breakdown } from './breakdown.js';
import { ByHour } from './by-hour.js';
import { fetchGroups } from './group-report.js';
import { ClosedAgainstNow } from './closed-against-now.js';
import { GroupsTable } from './groups-table.js';
import { Headline } from './headline.js';
import { QuietWindow } from './quiet-window.js';
import { SpendOverTime } from './spend-over-time.js';
import { useColours } from './use-colours.js';

const Welcome = lazy(async () => ({
  default: (await import('../welcome/welcome-page.js')).WelcomePage,
}));

/** Spend at a glance; before the first call, how to make one. */
export function OverviewPage() {
  const { data: status } = useStatus();
  if (status?.store.entries === 0)
    return (
      <Suspense>
        <Welcome />
      </Suspense>
    );
  return <Overview />;
}

function Overview() {
  const { view } = useView();
  const client = useQueryClient();
  const groups = useReport(
    'groups',
    [view.window, view.filters, view.group, view.bucket, view.asOf],
    (now, signal) => fetchGroups(view, now, signal),
  );
  const colourOf = useColours(
    groups.data?.dimension ?? view.group,
    groups.data?.stack.series.map(({ key }) => key) ?? [],
  );
  const whole = groups.data ? sumUsd(groups.data.stack.totals) : null;
  if (groups.error && !groups.data)
    return (
      <>
        <h1 className="sr-only">Overview</h1>
        <ViewBar />
        <div className="panel grid min-h-96 place-items-center">
          <Failure what="the overview" error={groups.error} retry={() => refreshReports(client)} />
        </div>
      </>
    );
  return (
    <>
      <h1 className="sr-only">Overview</h1>
      <ViewBar restating />
      <div className="space-y-4">
        {groups.data?.groups.length === 0 && !groups.outdated && <QuietWindow />}
        <OpenIncidentsLine />
        <Headline />
        <ClosedAgainstNow />
        <SpendOverTime report={groups} colourOf={colourOf} />
        <GroupsTable report={groups} colourOf={colourOf} />
        <div className="grid gap-4 lg:grid-cols-3">
          <Breakdown dimension="model" whole={whole} />
          <Breakdown dimension="segment" whole={whole} />
          <ByHour ready={whole !== null} />
        </div>
      </div>
    </>
  );
}
