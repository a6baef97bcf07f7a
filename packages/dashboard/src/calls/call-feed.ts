import type { CallRow } from '@farthing/core';

/** Live calls above the pages that were loaded: those shown, and those held back while one reads. */
export interface CallFeed {
  shown: CallRow[];
  waiting: CallRow[];
  /** All calls that came while held back, also those that `waiting` no longer keeps. */
  waitingCount: number;
  /** So many came that the loaded pages no longer join on: only `shown` is listed then. */
  cut: boolean;
  /** Ids of the calls in the latest release, for a short highlight. */
  fresh: ReadonlySet<string>;
}

/** More held-back calls than this are counted but not kept: releasing them reloads the page instead. */
export const mostWaiting = 200;

/** Live calls that a table left open keeps; older ones are a reload away. */
export const mostShown = 200;

export const emptyFeed: CallFeed = {
  shown: [],
  waiting: [],
  waitingCount: 0,
  cut: false,
  fresh: new Set(),
};

/** New calls go to the top, or behind the "n new" button while the reader holds the table still. */
export function arrive(
  feed: CallFeed,
  calls: readonly CallRow[],
  omitted: number,
  held: boolean,
): CallFeed {
  const known = new Set([...feed.shown, ...feed.waiting].map(({ id }) => id));
  const added = calls
    .filter(({ id }) => !known.has(id))
    .toSorted((left, right) => right.started_at.localeCompare(left.started_at));
  if (added.length === 0 && omitted === 0) return feed;
  const next: CallFeed = {
    ...feed,
    waiting: [...added, ...feed.waiting].slice(0, mostWaiting),
    waitingCount: feed.waitingCount + added.length + omitted,
  };
  return held || !complete(next) ? next : release(next);
}

/** Whether releasing shows all that came; otherwise the page must be loaded anew. */
export const complete = (feed: CallFeed): boolean => feed.waitingCount === feed.waiting.length;

export function release(feed: CallFeed): CallFeed {
  const shown = [...feed.waiting, ...feed.shown];
  return {
    shown: shown.slice(0, mostShown),
    cut: feed.cut || shown.length > mostShown,
    waiting: [],
    waitingCount: 0,
    fresh: new Set(feed.waiting.map(({ id }) => id)),
  };
}

/** The feed above the loaded calls, each call once. */
export function merged(feed: CallFeed, loaded: readonly CallRow[]): CallRow[] {
  if (feed.cut) return feed.shown;
  const live = new Set(feed.shown.map(({ id }) => id));
  return [...feed.shown, ...loaded.filter(({ id }) => !live.has(id))];
}
