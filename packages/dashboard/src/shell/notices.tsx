import { useStatus } from '../api/use-status.js';
import { Alert } from '../controls/icons.js';
import { formatBytes, formatDuration } from '../figures/counts.js';

/** Booking this far behind (milliseconds) is worth a word: the figures below lack the newest calls. */
const noticeableLag = 10_000;

/** What the reader must know to trust the figures: the ledger lags, or the gateway is away. */
export function Notices() {
  const { data: status, error } = useStatus();
  const notices: string[] = [];
  if (error && status)
    notices.push(
      `The control plane has stopped answering; these are its last figures. ${error.message}`,
    );
  if (status && !error) {
    const { lag, gateway, journals } = status;
    if (lag.oldest_ms !== null && lag.oldest_ms > noticeableLag)
      notices.push(
        `The ledger is ${formatDuration(lag.oldest_ms)} behind: ${formatBytes(lag.bytes)} of journal are not booked yet. Totals catch up by themselves.`,
      );
    if (!gateway.reachable && gateway.url !== null)
      notices.push(
        `The gateway at ${gateway.url} does not answer. Calls through it fail until it is back; what is booked stays.`,
      );
    const unreadable = journals.reduce((sum, journal) => sum + journal.unreadable_lines, 0);
    if (unreadable > 0)
      notices.push(
        `${unreadable} journal ${unreadable === 1 ? 'line' : 'lines'} could not be read and ${unreadable === 1 ? 'is' : 'are'} not in these figures. \`farthing doctor\` says where.`,
      );
  }
  return (
    <div role="status" className="empty:hidden">
      {notices.map((notice) => (
        <p key={notice} className="border-b border-warn-line bg-warn-soft text-warn">
          <span className="mx-auto flex max-w-[88rem] items-start gap-2.5 px-4 py-2 sm:px-6 lg:px-8">
            <span className="mt-0.5">
              <Alert />
            </span>
            {notice}
          </span>
        </p>
      ))}
    </div>
  );
}
