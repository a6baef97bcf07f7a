import type { CallRow } from '@farthing/core';

/** Live calls above the pages that were loaded: those shown, and those held back while one reads. */
export interface CallFeed {
  shown: CallRow[];
  waiting: CallRow[];
  /** All calls that came while held back, also those that `waiting` no longer keeps. */
  waitingCount: number;
  /** Ids of the calls in the latest release, for a short highlight. */
  fresh: ReadonlySet<string>;
}

/** More held-back calls than this are counted but not kept: releasing them reloads the page instead. */
export const mostWaiting = 200;

export const emptyFeed: CallFeed = { shown: [], waiting: [], waitingCount: 0, fresh: new Set() };

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
  return {
    shown: [...feed.waiting, ...feed.shown],
    waiting: [],
    waitingCount: 0,
    fresh: new Set(feed.waiting.map(({ id }) => id)),
  };
}

/** The feed above the loaded calls, each call once. */
export function merged(feed: CallFeed, loaded: readonly CallRow[]): CallRow[] {
  const live = new Set(feed.shown.map(({ id }) => id));
  return [...feed.shown, ...loaded.filter(({ id }) => !live.has(id))];
}
