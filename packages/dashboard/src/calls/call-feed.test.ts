import type { CallRow } from '@farthing/core';
import { describe, expect, it } from 'vitest';
import type { ListedCall } from '../api/contract.js';
import {
  arrive,
  complete,
  emptyFeed,
  folded,
  merged,
  mostShown,
  mostWaiting,
  release,
} from './call-feed.js';

const call = (id: string, second = 0) =>
  ({ id, started_at: `2026-03-31T14:00:${String(second).padStart(2, '0')}.000Z` }) as CallRow;
const restatedTo = (cost_usd: string) => ({
  cost_usd,
  cost_status: 'priced' as const,
  adjustments: 1,
});
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
    expect(ids(merged(feed, [call('b'), call('a')]))).toBe('b a');
  });

  it('keeps the order of the beginnings: a call that took long goes below what began later', () => {
    const feed = arrive(
      arrive(emptyFeed, [call('quick', 5)], 0, false),
      [call('long', 2)],
      0,
      false,
    );
    expect(ids(merged(feed, [call('loaded', 3)]))).toBe('quick loaded long');
  });

  it('prefers what was loaded of a call, and shows nothing early that waits', () => {
    const shown = arrive(emptyFeed, [call('a', 1)], 0, false);
    const feed = arrive(shown, [call('b', 2)], 0, true);
    const loaded: ListedCall = { ...call('a', 1), restated: restatedTo('2') };
    expect(merged(feed, [call('b', 2), loaded])).toEqual([loaded]);
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

describe('adjustments in the list', () => {
  const adjustment = (id: string, adjusts: string | null) =>
    ({ ...call(id), kind: 'adjustment', adjusts }) as ListedCall;
  const adjusted: ListedCall = { ...call('call'), adjusts: null, restated: restatedTo('2') };

  it('are part of the call that they adjust, wherever they stand', () => {
    const calls = [adjustment('second', 'call'), adjusted, adjustment('first', 'call')];
    expect(ids(folded(calls))).toBe('call');
  });

  it('stay lines of their own where their call is not listed, or is none', () => {
    const calls = [adjustment('elsewhere', 'other page'), adjustment('credit', null), adjusted];
    expect(ids(folded(calls))).toBe('elsewhere credit call');
  });

  it('stay where the call does not say what it costs by now', () => {
    const unknown: ListedCall = { ...adjusted, restated: null };
    expect(ids(folded([adjustment('one', 'call'), unknown]))).toBe('one call');
  });
});
