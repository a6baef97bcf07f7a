import { useInfiniteQuery } from '@tanstack/react-query';
import type { CallRow, Window } from '@farthing/core';
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { fetchCalls } from '../api/contract.js';
import { useLiveCalls, useLiveState } from '../api/live.js';
import { passes } from '../view/dimensions.js';
import type { View } from '../view/view.js';
import { isLive, windowOf } from '../view/window.js';
import {
  arrive,
  complete,
  emptyFeed,
  folded,
  merged,
  release,
  type CallFeed,
} from './call-feed.js';

const pageSize = 50;

/** The table changes at most this often (milliseconds): no eye follows more. */
const showEvery = 400;

/** Adjustments come in bursts: the pages are read again when none came for so long (milliseconds). */
const readAdjustedAfter = 1_500;

/** Calls for the view, page by page, with live ones on top. `held` keeps the table still. */
export function useCallFeed(view: View, held: () => boolean) {
  const { window, filters, order } = view;
  const choice = JSON.stringify([window, filters, order]);
  const [feed, setFeed] = useState<CallFeed & { choice: string }>({ ...emptyFeed, choice });
  const current = feed.choice === choice ? feed : { ...emptyFeed, choice };

  const pages = useInfiniteQuery({
    queryKey: ['calls', choice],
    queryFn: async ({ pageParam, signal }) => {
      const within = pageParam.within ?? windowOf(window, Date.now());
      const page = await fetchCalls(
        { order, limit: pageSize, window: within, filters, cursor: pageParam.cursor },
        signal,
      );
      return { ...page, within };
    },
    initialPageParam: { cursor: null as string | null, within: null as Window | null },
    // Older pages keep the first page's window: a sliding one would otherwise slip under the cursor.
    getNextPageParam: (last) =>
      last.next_cursor === null ? null : { cursor: last.next_cursor, within: last.within },
  });

  const { refetch } = pages;
  const reload = useCallback(() => {
    setFeed({ ...emptyFeed, choice });
    void refetch();
  }, [choice, refetch]);

  const reading = useRef(0);
  useEffect(() => () => clearTimeout(reading.current), []);
  const readAdjusted = () => {
    clearTimeout(reading.current);
    reading.current = globalThis.setTimeout(
      () => void refetch(),
      readAdjustedAfter,
    ) as unknown as number;
  };

  const queue = useRef<{ calls: CallRow[]; omitted: number }>({ calls: [], omitted: 0 });
  const frame = useRef(0);
  const timer = useRef(0);
  const flushedAt = useRef(Number.NEGATIVE_INFINITY);
  const flush = useEffectEvent(() => {
    frame.current = 0;
    flushedAt.current = performance.now();
    const { calls, omitted } = queue.current;
    queue.current = { calls: [], omitted: 0 };
    // An adjustment changes a line that is there rather than adding one, also in a window that is over.
    if (calls.some(({ adjusts }) => adjusts !== null)) readAdjusted();
    if (!isLive(window, Date.now())) return;
    const wanted = calls.filter((call) => call.adjusts === null && passes(call, filters));
    setFeed((old) => ({
      ...arrive(
        old.choice === choice ? old : emptyFeed,
        wanted,
        filters.length === 0 ? omitted : 0,
        order !== 'newest' || held(),
      ),
      choice,
    }));
  });
  const collect = useCallback((calls: CallRow[], omitted: number) => {
    queue.current.calls.push(...calls);
    queue.current.omitted += omitted;
    if (frame.current !== 0 || timer.current !== 0) return;
    timer.current = globalThis.setTimeout(
      () => {
        timer.current = 0;
        frame.current = requestAnimationFrame(() => flush());
      },
      Math.max(0, flushedAt.current + showEvery - performance.now()),
    ) as unknown as number;
  }, []);
  useLiveCalls(collect);
  useEffect(
    () => () => {
      cancelAnimationFrame(frame.current);
      clearTimeout(timer.current);
      frame.current = timer.current = 0;
    },
    [],
  );

  // What was booked while the stream was down never came over it.
  const { state } = useLiveState();
  const wasDown = useRef(false);
  useEffect(() => {
    if (state.status === 'waiting') wasDown.current = true;
    else if (state.status === 'open' && wasDown.current) {
      wasDown.current = false;
      reload();
    }
  }, [state.status, reload]);

  const show = () => {
    if (order !== 'newest' || !complete(current)) reload();
    else setFeed({ ...release(current), choice });
  };
  return {
    calls: folded(merged(current, pages.data?.pages.flatMap((page) => page.calls) ?? [])),
    fresh: current.fresh,
    waiting: current.waitingCount,
    show,
    cut: current.cut,
    reload,
    pages,
  };
}
