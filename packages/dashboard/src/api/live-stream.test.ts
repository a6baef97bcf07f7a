import type { CallRow } from '@farthing/core';
import { describe, expect, it } from 'vitest';
import { LiveStream } from './live-stream.js';

/** A browser with a hand-moved clock; its event sources are plain event targets. */
function browser() {
  const sources: (EventTarget & { closed: boolean; close(): void })[] = [];
  const timers = new Map<number, { at: number; run: () => void }>();
  let [clock, serial] = [0, 0];
  const stream = new LiveStream('/events', {
    open: () => {
      const source = Object.assign(new EventTarget(), {
        closed: false,
        close() {
          this.closed = true;
        },
      });
      sources.push(source);
      return source as unknown as EventSource;
    },
    now: () => clock,
    setTimer: (run, milliseconds) => {
      timers.set((serial += 1), { at: clock + milliseconds, run });
      return serial;
    },
    clearTimer: (timer) => timers.delete(timer),
  });
  return {
    stream,
    sources,
    emit: (type: string, data?: unknown) =>
      sources[sources.length - 1]?.dispatchEvent(
        data === undefined
          ? new Event(type)
          : new MessageEvent(type, { data: JSON.stringify(data) }),
      ),
    pass: (milliseconds: number) => {
      clock += milliseconds;
      for (const [timer, { at, run }] of timers)
        if (at <= clock) {
          timers.delete(timer);
          run();
        }
    },
  };
}

describe('LiveStream', () => {
  it('hands calls to its listeners and is open', () => {
    const { stream, emit } = browser();
    const seen: string[] = [];
    stream.onCalls((calls, omitted) => seen.push(`${calls[0]?.id} +${omitted}`));
    stream.connect();
    emit('calls', { type: 'calls', calls: [{ id: 'a' } as CallRow], omitted: 3 });
    expect(seen).toEqual(['a +3']);
    expect(stream.state).toEqual({ status: 'open' });
  });

  it('hands incidents to theirs', () => {
    const { stream, emit } = browser();
    const seen: string[] = [];
    const forget = stream.onIncident(({ id, version }) => seen.push(`${id} ${version}`));
    stream.connect();
    emit('incident', { type: 'incident', incident: { id: 'a', version: 2 } });
    forget();
    emit('incident', { type: 'incident', incident: { id: 'a', version: 3 } });
    expect(seen).toEqual(['a 2']);
  });

  it('says when it broke off, and waits longer after each failure', () => {
    const { stream, sources, emit, pass } = browser();
    stream.connect();
    emit('error');
    expect(stream.state).toEqual({ status: 'waiting', retryAt: 1000 });
    expect(sources[0]?.closed).toBe(true);
    pass(1000);
    expect([sources.length, stream.state.status]).toEqual([2, 'connecting']);
    emit('error');
    expect(stream.state).toEqual({ status: 'waiting', retryAt: 3000 });
  });

  it('starts over with short waits once it has been open', () => {
    const { stream, emit, pass } = browser();
    stream.connect();
    emit('error');
    pass(1000);
    emit('open');
    emit('error');
    expect(stream.state).toEqual({ status: 'waiting', retryAt: 2000 });
  });

  it('takes a stream without heartbeats for dead', () => {
    const { stream, emit, pass } = browser();
    stream.connect();
    emit('heartbeat', { type: 'heartbeat', now: '' });
    pass(39_000);
    emit('heartbeat', { type: 'heartbeat', now: '' });
    pass(39_000);
    expect(stream.state.status).toBe('open');
    pass(2_000);
    expect(stream.state.status).toBe('waiting');
  });

  it('reconnects at once when asked to, with one source only', () => {
    const { stream, sources, emit, pass } = browser();
    stream.connect();
    emit('error');
    stream.connect();
    pass(60_000);
    expect(sources.filter(({ closed }) => !closed)).toHaveLength(
      1 - Number(stream.state.status === 'waiting'),
    );
    expect(sources.length).toBe(2);
  });
});
