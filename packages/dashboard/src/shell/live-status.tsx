import { useEffect, useState } from 'react';
import { useLiveState } from '../api/live.js';

/** Whether new calls reach this page by themselves: said in words, with a way to reconnect. */
export function LiveStatus() {
  const { state, reconnect } = useLiveState();
  const wait = useCountdown(state.status === 'waiting' ? state.retryAt : null);
  if (state.status === 'waiting')
    return (
      <div role="status" className="flex items-center gap-2 text-[0.8125rem] text-warn">
        <span className="size-2 rounded-full border-2 border-current" />
        <span className="hidden sm:inline">Live updates off</span>
        <button
          type="button"
          onClick={reconnect}
          className="rounded-md border border-warn-line bg-warn-soft px-2 py-1 font-medium hover:border-current"
        >
          Reconnect
          <span aria-hidden="true" className="figure font-normal">
            {wait > 0 ? ` (${wait} s)` : ''}
          </span>
        </button>
      </div>
    );
  const open = state.status === 'open';
  return (
    <div role="status" className="flex items-center gap-2 text-[0.8125rem] text-ink-2">
      <span className={`size-2 rounded-full ${open ? 'bg-accent' : 'bg-line-strong'}`} />
      <span className={open ? '' : 'text-ink-3'}>{open ? 'Live' : 'Connecting'}</span>
    </div>
  );
}

/** Whole seconds until a moment, counted down while there is one. */
function useCountdown(until: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return;
    setNow(Date.now());
    const timer = window.setInterval(() => setNow(Date.now()), 500);
    return () => window.clearInterval(timer);
  }, [until]);
  return until === null ? 0 : Math.max(0, Math.ceil((until - now) / 1000));
}
