import type { CallRow } from '@farthing/core';
import { describe, expect, it } from 'vitest';
import {
  arrive,
  complete,
  emptyFeed,
  merged,
  mostShown,
  mostWaiting,
  release,
} from './call-feed.js';

const call = (id: string, second = 0) =>
  ({ id, started_at: `2026-03-31T14:00:${String(second).padStart(2, '0')}.000Z` }) as CallRow;
const ids = (calls: readonly CallRow[]) => calls.map(({ id }) => id).join(' ');

describe('the live feed', () => {
  it('puts new calls on top, the latest first', () => {
    const feed = arrive(
      arrive(emptyFeed, [call('a', 1)], 0, false),
      [call('b', 2), call('c', 3)],
      0,
      false,
    );
    expect(ids(feed.shown)).toBe('c b a');
    expect([...feed.fresh]).toEqual(['c', 'b']);
  });

  it('moves nothing while the reader holds it, and counts', () => {
    const held = arrive(arrive(emptyFeed, [call('a')], 0, false), [call('b'), call('c')], 0, true);
    expect([ids(held.shown), held.waitingCount]).toEqual(['a', 2]);
    expect(release(held).shown).toHaveLength(3);
  });

  it('shows a call once, however often it comes', () => {
    const feed = arrive(arrive(emptyFeed, [call('a')], 0, false), [call('a')], 0, false);
    expect(ids(merged(feed, [call('a'), call('z')]))).toBe('a z');
  });

  it('keeps a table that is left open short, and says that older calls are a reload away', () => {
    let feed = emptyFeed;
    for (let index = 0; index <= mostShown; index += 1)
      feed = arrive(feed, [call(String(index))], 0, false);
    expect([feed.shown.length, feed.shown[0]?.id, feed.cut]).toEqual([
      mostShown,
      String(mostShown),
      true,
    ]);
    expect(merged(feed, [call('loaded')])).toHaveLength(mostShown);
  });

  it('knows when it has missed calls and must be loaded anew', () => {
    const cut = arrive(emptyFeed, [call('a')], 7, false);
    expect([cut.waitingCount, complete(cut), cut.shown.length]).toEqual([8, false, 0]);
    const many = Array.from({ length: mostWaiting + 1 }, (_, index) => call(String(index)));
    expect(complete(arrive(emptyFeed, many, 0, true))).toBe(false);
  });
});
