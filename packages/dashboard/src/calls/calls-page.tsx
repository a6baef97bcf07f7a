import { useState } from 'react';
import type { ListedCall } from '../api/contract.js';
import { useStatus } from '../api/use-status.js';
import { Choice } from '../controls/choice.js';
import { Failure } from '../controls/failure.js';
import { Skeleton } from '../controls/skeleton.js';
import { plural } from '../figures/counts.js';
import { ViewBar } from '../shell/view-bar.js';
import { useView } from '../view/use-view.js';
import { WelcomePage } from '../welcome/welcome-page.js';
import { CallDrawer } from './call-drawer.js';
import { CallsTable } from './calls-table.js';
import { NewCalls } from './new-calls.js';
import { useCallFeed } from './use-call-feed.js';
import { useHeld } from './use-held.js';

/** Every single call, the newest as they are booked. */
export function CallsPage() {
  const { data: status } = useStatus();
  return status?.store.entries === 0 ? <WelcomePage /> : <Calls />;
}

function Calls() {
  const { view, change } = useView();
  const { table, held, onPointerEnter, onPointerLeave } = useHeld(view.call !== null);
  const { calls, fresh, waiting, show, cut, reload, pages } = useCallFeed(view, held);
  // The drawer keeps its content while it slides away.
  const [lastCall, setLastCall] = useState(view.call);
  if (view.call !== null && view.call !== lastCall) setLastCall(view.call);
  return (
    <>
      <ViewBar />
      <section className="panel" aria-labelledby="calls">
        <div className="top-14 z-10 flex flex-wrap items-center gap-2 rounded-t-[10px] bg-surface px-4 pt-4 pb-3 sm:sticky sm:px-6">
          <h1 id="calls" className="mr-1 text-base font-semibold">
            Calls
          </h1>
          <Choice
            label="Order"
            value={view.order}
            options={[
              { value: 'newest', label: 'newest first' },
              { value: 'dearest', label: 'dearest first' },
            ]}
            onChange={(order) => change({ order })}
          />
          <NewCalls count={waiting} order={view.order} onShow={show} />
        </div>
        {pages.error && calls.length === 0 ? (
          <Failure what="the calls" error={pages.error} retry={() => void pages.refetch()} />
        ) : (
          <div ref={table} onPointerEnter={onPointerEnter} onPointerLeave={onPointerLeave}>
            {pages.isPending ? (
              <Placeholder />
            ) : (
              <CallsTable calls={calls} fresh={fresh} onOpen={(call) => change({ call })} />
            )}
          </div>
        )}
        {pages.isSuccess && (
          <div className="flex items-center justify-center gap-3 border-t border-line px-6 py-3 text-[0.8125rem] text-ink-3">
            {cut ? (
              <>
                <span>The latest {countedLines(calls)}.</span>
                <button
                  type="button"
                  onClick={reload}
                  className="h-8 rounded-md border border-line-strong bg-surface px-3 font-medium text-ink hover:bg-sunk"
                >
                  Reload to reach older ones
                </button>
              </>
            ) : pages.hasNextPage ? (
              <button
                type="button"
                disabled={pages.isFetchingNextPage}
                onClick={() => void pages.fetchNextPage()}
                className="h-8 rounded-md border border-line-strong bg-surface px-3 font-medium text-ink hover:bg-sunk disabled:opacity-60"
              >
                {pages.isFetchingNextPage ? 'Loading …' : 'Load older calls'}
              </button>
            ) : (
              <span>
                {calls.length === 0
                  ? 'No calls match in this window.'
                  : `${countedLines(calls)}, all that match.`}
              </span>
            )}
          </div>
        )}
      </section>
      <CallDrawer id={lastCall} open={view.call !== null} onClose={() => change({ call: null })} />
    </>
  );
}

/** `3 calls and 1 adjustment`: an adjustment is no call. */
function countedLines(lines: readonly ListedCall[]): string {
  const calls = lines.filter(({ kind }) => kind === 'call').length;
  const others = lines.length - calls;
  return others === 0
    ? plural(calls, 'call')
    : `${plural(calls, 'call')} and ${plural(others, 'adjustment')}`;
}

function Placeholder() {
  return (
    <div className="border-t border-line">
      {Array.from({ length: 12 }, (_, index) => (
        <div
          key={index}
          className="flex h-12 items-center border-b border-line px-4 last:border-0 sm:px-6"
        >
          <Skeleton className="h-4 w-full" />
        </div>
      ))}
    </div>
  );
}
