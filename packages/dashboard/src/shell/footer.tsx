import { useStatus } from '../api/use-status.js';
import { useReport } from '../api/use-report.js';
import { formatBytes, formatCount } from '../figures/counts.js';
import { bookedLine, fetchBooked } from './booked.js';

/** What the figures rest on: how many calls, which price book, where the data lies. */
export function Footer() {
  const { data: status } = useStatus();
  const { data: booked } = useReport('booked', [], fetchBooked, status !== undefined);
  return (
    <footer className="border-t border-line text-[0.8125rem] text-ink-3">
      <div className="mx-auto flex min-h-12 max-w-[88rem] flex-wrap items-center gap-x-6 gap-y-1 px-4 py-3 sm:px-6 lg:px-8">
        {status && (
          <>
            <span title={`${formatCount(status.store.entries)} entries`}>
              {booked === undefined ? '' : bookedLine(booked)}
            </span>
            <span title={`${formatCount(status.store.bytes)} bytes, ${status.store.path}`}>
              {formatBytes(status.store.bytes)} in {status.store.driver}
            </span>
            <span>Prices: {status.price_book}</span>
            <span className="sm:ml-auto">Farthing {status.version} · all times UTC</span>
          </>
        )}
      </div>
    </footer>
  );
}
