import type { CallRow } from '@farthing/core';
import type { ListedCall } from '../api/contract.js';

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
  const added = calls.filter(({ id }) => !known.has(id)).toSorted(newestFirst);
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

/**
 * The feed with the loaded calls, each call once and in the order of their beginning: a call that took
 * long ends after later ones. What was loaded says more, namely what the call costs by now; what still
 * waits is not shown by a page that was loaded meanwhile.
 */
export function merged(feed: CallFeed, loaded: readonly ListedCall[]): ListedCall[] {
  const waiting = new Set(feed.waiting.map(({ id }) => id));
  const known = loaded.filter(({ id }) => !waiting.has(id));
  if (feed.shown.length === 0) return known;
  const byId = new Map(known.map((call) => [call.id, call]));
  const shown = feed.shown.map((call) => byId.get(call.id) ?? call);
  if (feed.cut) return shown.toSorted(newestFirst);
  const live = new Set(shown.map(({ id }) => id));
  return [...shown, ...known.filter(({ id }) => !live.has(id))].toSorted(newestFirst);
}

/** As the API orders its pages. */
function newestFirst(left: CallRow, right: CallRow): number {
  const [a, b] = [left, right].map(({ started_at: at, id }) => `${at} ${id}`) as [string, string];
  return a < b ? 1 : a > b ? -1 : 0;
}

/**
 * Without the adjustments of calls that are listed: such a call shows its cost with them. What adjusts
 * a call of another page, or no single call, stays a line of its own.
 */
export function folded(calls: readonly ListedCall[]): ListedCall[] {
  const restated = new Set(calls.flatMap(({ id, restated }) => (restated ? [id] : [])));
  return calls.filter(({ adjusts }) => adjusts === null || !restated.has(adjusts));
}
