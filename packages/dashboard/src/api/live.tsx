import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useSyncExternalStore, type ReactNode } from 'react';
import type { CallRow, Incident } from '@farthing/core';
import { eventsPath } from './contract.js';
import { LiveStream, type LiveState } from './live-stream.js';
import { refreshEvery, refreshReports, throttle } from './refresh.js';

const StreamContext = createContext<LiveStream | null>(null);

function useStream(): LiveStream {
  const stream = useContext(StreamContext);
  if (!stream) throw new Error('useLive needs a LiveProvider above it.');
  return stream;
}

/** Without live calls the reports follow the clock; sliding windows slide on either way. */
const idleRefresh = 30_000;

export const openLiveStream = (): LiveStream =>
  new LiveStream(eventsPath, {
    open: (path) => new EventSource(path),
    now: () => Date.now(),
    setTimer: (run, milliseconds) => window.setTimeout(run, milliseconds),
    clearTimer: (timer) => window.clearTimeout(timer),
  });

/** Hands the one live stream of the page down, and refreshes the reports as calls arrive. */
export function LiveProvider({ stream, children }: { stream: LiveStream; children: ReactNode }) {
  const client = useQueryClient();
  useEffect(() => {
    const refresh = throttle(() => {
      if (document.visibilityState === 'visible') refreshReports(client);
    }, refreshEvery);
    const forget = stream.onCalls(refresh.call);
    const timer = window.setInterval(refresh.call, idleRefresh);
    document.addEventListener('visibilitychange', refresh.call);
    return () => {
      forget();
      refresh.cancel();
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', refresh.call);
    };
  }, [client, stream]);
  return <StreamContext value={stream}>{children}</StreamContext>;
}

export function useLiveState(): { state: LiveState; reconnect: () => void } {
  const stream = useStream();
  return {
    state: useSyncExternalStore(stream.onState, () => stream.state),
    reconnect: stream.connect,
  };
}

/** Calls `listener` with every batch of live calls. The listener should be stable. */
export function useLiveCalls(listener: (calls: CallRow[], omitted: number) => void): void {
  const stream = useStream();
  useEffect(() => stream.onCalls(listener), [stream, listener]);
}

/** Calls `listener` with every incident that opens or changes. The listener should be stable. */
export function useLiveIncidents(listener: (incident: Incident) => void): void {
  const stream = useStream();
  useEffect(() => stream.onIncident(listener), [stream, listener]);
}
