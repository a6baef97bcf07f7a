import { useEffect, useState } from 'react';
import { plural } from '../figures/counts.js';
import { mostWaiting } from './call-feed.js';

/** Between two announcements to a screen reader, in milliseconds. */
const announceEvery = 8_000;

/** How many calls wait above the table, and the way to see them. */
export function NewCalls({
  count,
  order,
  onShow,
}: {
  count: number;
  order: 'newest' | 'dearest';
  onShow: () => void;
}) {
  const [announced, setAnnounced] = useState(0);
  useEffect(() => {
    if (count === 0) return setAnnounced(0);
    const timer = window.setTimeout(
      () => setAnnounced(count),
      announced === 0 ? 500 : announceEvery,
    );
    return () => window.clearTimeout(timer);
  }, [count, announced]);
  return (
    <>
      <span role="status" aria-live="polite" className="sr-only">
        {announced > 0 ? `${plural(announced, 'new call')} waiting` : ''}
      </span>
      {count > 0 && (
        <span className="ml-auto hidden text-[0.8125rem] text-ink-3 sm:inline">
          {order === 'newest' &&
            (count > mostWaiting ? 'More than can be read one by one' : 'Paused while you read')}
        </span>
      )}
      {count > 0 && (
        <button
          type="button"
          onClick={() => {
            window.scrollTo({ top: 0 });
            onShow();
          }}
          className="figure ml-auto h-8 sm:ml-0 rounded-full bg-accent px-3.5 text-[0.8125rem] font-semibold text-on-accent hover:opacity-90"
        >
          {plural(count, 'new call')}
          {order === 'dearest' ? ', reload' : ''}
        </button>
      )}
    </>
  );
}
