import { toCallRow, type CallRow, type Incident, type LiveEvent } from '@farthing/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sampleEntry } from '../store/conformance/batches.js';
import { LiveEvents } from './live-events.js';
import { matchFilters } from './match-filters.js';

const row = (feature = 'search'): CallRow => toCallRow(sampleEntry({ tags: { feature } }));
const rows = (count: number) => Array.from({ length: count }, () => row());

function reader(stream: ReadableStream<Uint8Array>) {
  const source = stream.getReader();
  return {
    async next(): Promise<LiveEvent | null> {
      const { done, value } = await source.read();
      if (done) return null;
      const match = /^event: (\w+)\ndata: (.*)\n\n$/s.exec(new TextDecoder().decode(value));
      const event = JSON.parse(match![2]!) as LiveEvent;
      expect(match![1]).toBe(event.type);
      return event;
    },
    cancel: () => source.cancel(),
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a subscriber', () => {
  test('is greeted with a heartbeat, then gets the calls of a moment as one message', async () => {
    const events = new LiveEvents();
    const subscriber = reader(events.subscribe());
    expect(await subscriber.next()).toMatchObject({ type: 'heartbeat' });
    const booked = rows(3);
    events.publish(booked.slice(0, 1));
    events.publish(booked.slice(1));
    await vi.advanceTimersByTimeAsync(250);
    expect(await subscriber.next()).toEqual({ type: 'calls', calls: booked, omitted: 0 });
  });

  test('gets the latest 100 calls of a burst and the number of the others', async () => {
    const events = new LiveEvents();
    const subscriber = reader(events.subscribe());
    await subscriber.next();
    const booked = rows(1234);
    events.publish(booked.slice(0, 1000));
    events.publish(booked.slice(1000));
    await vi.advanceTimersByTimeAsync(250);
    expect(await subscriber.next()).toEqual({
      type: 'calls',
      calls: booked.slice(-100),
      omitted: 1134,
    });
  });

  test('hears of an incident at once, whatever calls it asked for', async () => {
    const events = new LiveEvents();
    const subscriber = reader(events.subscribe(() => false));
    await subscriber.next();
    const incident = { id: 'inc_1', version: 1, state: 'open' } as Incident;
    events.tell(incident);
    expect(await subscriber.next()).toEqual({ type: 'incident', incident });
  });

  test('hears a heartbeat every 15 seconds when nothing happens', async () => {
    const events = new LiveEvents();
    const subscriber = reader(events.subscribe());
    await subscriber.next();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await subscriber.next()).toMatchObject({ type: 'heartbeat' });
  });

  test('with a filter hears of its calls only, and is not told of the others', async () => {
    const events = new LiveEvents();
    const filter = { dimension: 'feature' as const, op: 'in' as const, values: ['chat'] };
    const subscriber = reader(events.subscribe((call) => matchFilters(call, [filter])));
    await subscriber.next();
    events.publish([row('search'), row('chat'), ...rows(500)]);
    await vi.advanceTimersByTimeAsync(250);
    const event = await subscriber.next();
    expect(event).toMatchObject({ type: 'calls', omitted: 0 });
    expect((event as { calls: CallRow[] }).calls.map((call) => call.tags.feature)).toEqual([
      'chat',
    ]);
  });

  test('that leaves is forgotten', async () => {
    const events = new LiveEvents();
    const subscriber = reader(events.subscribe());
    expect(events.subscriberCount).toBe(1);
    await subscriber.cancel();
    expect(events.subscriberCount).toBe(0);
    events.publish(rows(1));
  });

  test('that does not read is dropped once its unread bytes reach the limit; the others go on', async () => {
    const events = new LiveEvents({ unreadBytes: 64 * 1024 });
    const slow = events.subscribe().getReader();
    const quick = reader(events.subscribe());
    await quick.next();
    let heard = 0;
    for (let round = 0; round < 20; round++) {
      events.publish(rows(50));
      await vi.advanceTimersByTimeAsync(250);
      const event = await quick.next();
      if (event?.type === 'calls') heard += event.calls.length;
    }
    expect(events.subscriberCount).toBe(1);
    expect(heard).toBe(1000);
    await expect(slow.read()).rejects.toThrow(/too slowly/);
  });

  test('gets what is pending when the process stops, and then the end', async () => {
    const events = new LiveEvents();
    const subscriber = reader(events.subscribe());
    await subscriber.next();
    events.publish(rows(2));
    events.close();
    expect(await subscriber.next()).toMatchObject({ type: 'calls' });
    expect(await subscriber.next()).toBeNull();
    expect(events.subscriberCount).toBe(0);
  });
});

test('there are only so many subscribers', () => {
  const events = new LiveEvents({ subscribers: 2 });
  events.subscribe();
  expect(events.isFull).toBe(false);
  events.subscribe();
  expect(events.isFull).toBe(true);
});

describe('filters on live calls mean what they mean in a query', () => {
  const call = toCallRow(
    sampleEntry({ tags: { feature: 'search', custom: { team: 'core' } }, http_status: 200 }),
  );
  test.each([
    ['feature', 'in', ['search', 'chat'], true],
    ['feature', 'not_in', ['search'], false],
    ['agent', 'in', [null], true],
    ['agent', 'not_in', [null], false],
    ['tag:team', 'in', ['core'], true],
    ['tag:other', 'in', [null], true],
    ['http_status', 'in', ['200'], true],
    ['stream', 'in', ['true'], true],
  ] as const)('%s %s %j', (dimension, op, values, expected) => {
    expect(matchFilters(call, [{ dimension, op, values: [...values] }])).toBe(expected);
  });
});
