import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GroupMonitor, type Finding } from './group-monitor.js';
import type { ObservedCall } from './observed-call.js';
import { callOf, day, minute, resized, start, streamOf } from '../../test-support/call-stream.js';

const history = 14;
const from = start + (history + 2) * day + 600 * minute;

function findingsOf(calls: readonly ObservedCall[], group = new GroupMonitor()): Finding[] {
  return calls.flatMap((call) => group.observe(call));
}

/** Calls between the change and the finding. */
const callsUntil = (found: Finding): number => Math.floor((found.at - from) / (6 * minute)) + 1;

const changed = (times: { input?: number; output?: number; dearer?: number }) =>
  streamOf(7, history + 6, (call, at) => (at < from ? call : resized(call, times)));

describe('the detectors of a group', () => {
  it.each([1, 2, 3, 4])('say nothing of four weeks in which nothing changes (%s)', (seed) => {
    expect(findingsOf(streamOf(seed, 28))).toEqual([]);
  });

  it('name the quantity that moves, within some calls, and by how much', () => {
    const [first] = findingsOf(changed({ output: 3 }));
    expect(first).toMatchObject({ kind: 'shift', channel: 'output' });
    expect(callsUntil(first!)).toBeLessThanOrEqual(20);
    expect(first).toHaveProperty('since');
    const { factor } = first as Extract<Finding, { kind: 'shift' }>;
    expect(factor).toBeGreaterThan(2);
    expect(factor).toBeLessThan(4.5);
  });

  it('tell a dearer model by its price, in six calls', () => {
    const found = findingsOf(changed({ dearer: 5 }));
    // Cost moves with it; the price says why.
    const price = found.find((each) => each.kind === 'shift' && each.channel === 'unit_price')!;
    expect(callsUntil(price)).toBeLessThanOrEqual(6);
    expect(found.every(({ at }) => at >= from)).toBe(true);
    const moved = found.flatMap((each) => (each.kind === 'shift' ? [each.channel] : []));
    expect(new Set(moved)).toEqual(new Set(['cost', 'unit_price']));
  });

  it('say nothing when all costs less', () => {
    expect(findingsOf(changed({ input: 0.4, output: 0.4 }))).toEqual([]);
  });

  it('say nothing of a single call, however large', () => {
    const calls = streamOf(5, 21, (call, at) =>
      at >= from && at < from + 6 * minute ? resized(call, { input: 1e5 }) : call,
    );
    expect(findingsOf(calls)).toEqual([]);
  });

  it('set a day with an alarm apart, so that what is wrong does not become normal', () => {
    const found = findingsOf(changed({ dearer: 5 })).filter(
      (each) => each.kind === 'shift' && each.channel === 'unit_price',
    );
    const days = new Set(found.map(({ at }) => Math.floor(at / day)));
    expect(days.size).toBeGreaterThanOrEqual(3);
  });

  it('learn from history that comes afterwards and never alarm on it', () => {
    const group = new GroupMonitor();
    const calls = changed({ output: 3, dearer: 5 });
    const before = calls.flatMap((call) => group.observe(call, false));
    expect(before).toEqual([]);
    expect(group.toJSON().shifts.cost?.tests).not.toBeNull();
  });

  it('count a call of an earlier day as late and change nothing else', () => {
    const calls = streamOf(3, 3);
    const group = new GroupMonitor();
    findingsOf(calls, group);
    const before = group.toJSON();
    expect(group.observe(callOf({ at: start, dearer: 1_000 }))).toEqual([]);
    expect(group.toJSON()).toEqual({ ...before, late_calls: 1 });
    expect(group.lateCalls).toBe(1);
  });

  it('take a call from the future as of now: a wrong clock makes no other call late', () => {
    const group = new GroupMonitor();
    group.observe(callOf({ at: start + 9_999 * day }), true, start);
    group.observe(callOf({ at: start + minute }), true, start + minute);
    expect(group.lateCalls).toBe(0);
  });

  it('go back with a clock that was ahead and is set back', () => {
    const group = new GroupMonitor();
    group.observe(callOf({ at: start + 5 * day }), true, start + 5 * day);
    group.observe(callOf({ at: start + minute }), true, start + minute);
    expect(group.lateCalls).toBe(0);
  });

  it('leave out a quantity that is no number', () => {
    const group = new GroupMonitor();
    for (const cost of [Number.NaN, Infinity]) group.observe({ ...callOf({ at: start }), cost });
    expect(group.toJSON().shifts.cost).toBeUndefined();
    expect(group.toJSON().shifts.output).toBeDefined();
  });

  it('tell when calls repeat failed ones', () => {
    const calls = streamOf(2, 20, (call, at) => ({ ...call, retry: call.retry || at >= from }));
    const [first] = findingsOf(calls);
    expect(first).toMatchObject({ kind: 'retries' });
    expect(callsUntil(first!)).toBeLessThanOrEqual(6);
  });

  it('tell when calls have no price any more, and when they say no feature', () => {
    const unpriced = streamOf(2, 20, (call, at) => (at < from ? call : { ...call, cost: null }));
    expect(findingsOf(unpriced)[0]).toMatchObject({ kind: 'unpriced' });
    const anonymous = streamOf(2, 20, (call, at) => ({ ...call, attributed: at < from }));
    expect(findingsOf(anonymous)[0]).toMatchObject({ kind: 'unattributed' });
  });

  it('blame a new version of a template that makes calls dearer, from its first call on', () => {
    const calls = streamOf(2, 20, (call, at) =>
      at < from
        ? { ...call, template: 'v1' }
        : { ...resized(call, { input: 4, output: 4 }), template: 'v2' },
    );
    const found = findingsOf(calls).find(({ kind }) => kind === 'template');
    expect(found).toMatchObject({ kind: 'template', template: 'v2', since: from });
    expect(callsUntil(found!)).toBeLessThanOrEqual(15);
  });

  it('do not blame a new version that changes nothing', () => {
    const calls = streamOf(2, 20, (call, at) => ({ ...call, template: at < from ? 'v1' : 'v2' }));
    expect(findingsOf(calls)).toEqual([]);
  });

  it('find what grows by a little every day', () => {
    const calls = streamOf(4, 28, (call, at) =>
      resized(call, { input: 2 ** (Math.max(0, at - start - 16 * day) / (5 * day)) }),
    );
    const [first] = findingsOf(calls);
    expect(['shift', 'creep']).toContain(first?.kind);
    expect(first!.at).toBeLessThan(start + 20 * day);
  });

  it('tell what is usual and what is now in tokens, dollars and shares', () => {
    const [output] = findingsOf(changed({ output: 3 }));
    // 300 tokens are the middle of what calls take.
    expect(output!.usual).toBeGreaterThan(270);
    expect(output!.usual).toBeLessThan(330);
    expect(output!.now / output!.usual!).toBeCloseTo(output!.factor!, 1);
    const price = findingsOf(changed({ dearer: 5 })).find((each) => each.kind === 'shift')!;
    expect(price.usual).toBeCloseTo(15e-6, 6);
    const retried = streamOf(2, 20, (call, at) => ({ ...call, retry: call.retry || at >= from }));
    const [retries] = findingsOf(retried);
    expect(retries).toMatchObject({ usual: expect.closeTo(0.01, 2), since: from });
    expect(retries!.now).toBeGreaterThan(0.9);
    expect(retries!.calls).toBe(callsUntil(retries!));
  });

  it('of few calls keep little, and of many not much more', () => {
    const group = new GroupMonitor();
    group.observe(callOf({ at: start }));
    expect(JSON.stringify(group).length).toBeLessThan(2_500);
    const busy = new GroupMonitor();
    findingsOf(streamOf(1, 40), busy);
    expect(JSON.stringify(busy).length).toBeLessThan(12_000);
  });

  describe('whatever comes', () => {
    const anyCall = fc.record({
      size: fc.double({ min: -3, max: 8, noNaN: true }),
      cost: fc.option(fc.double({ min: 0, max: 1e4, noNaN: true })),
      run: fc.option(fc.constantFrom('a', 'b')),
      template: fc.option(fc.constantFrom('v1', 'v2', 'v3')),
      retry: fc.boolean(),
      repeated: fc.boolean(),
      attributed: fc.boolean(),
    });
    const made = ({ size, ...rest }: { size: number } & Partial<ObservedCall>, at: number) => ({
      ...callOf({ at, input: 10 ** size, output: 10 ** (size / 2) }),
      ...rest,
    });
    const learnt = new GroupMonitor();
    findingsOf(streamOf(3, 15), learnt);
    const written = JSON.stringify(learnt);
    const again = () => new GroupMonitor(JSON.parse(written));
    const now = start + 15 * day;

    it('one call alarms nobody, nor do two of different runs', () => {
      fc.assert(
        fc.property(anyCall, anyCall, (one, other) => {
          const group = again();
          expect(group.observe(made({ ...one, run: 'a' }, now))).toEqual([]);
          expect(group.observe(made({ ...other, run: 'b' }, now + minute))).toEqual([]);
        }),
        { numRuns: 40 },
      );
    });

    it('history alarms nobody', () => {
      fc.assert(
        fc.property(fc.array(anyCall, { maxLength: 80 }), (calls) => {
          const group = again();
          for (const [index, call] of calls.entries()) {
            expect(group.observe(made(call, now + index * 30 * minute), false)).toEqual([]);
          }
        }),
        { numRuns: 20 },
      );
    });

    it('calls of days that are over are counted, in any order, and change nothing else', () => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(anyCall, fc.integer({ min: 1, max: 9_999 })), { maxLength: 40 }),
          (calls) => {
            const group = again();
            group.observe(callOf({ at: now }));
            const before = group.toJSON();
            for (const [call, ago] of calls) {
              expect(group.observe(made(call, now - ago * minute))).toEqual([]);
            }
            expect(group.toJSON()).toEqual({ ...before, late_calls: calls.length });
          },
        ),
        { numRuns: 20 },
      );
    });

    it('every finding is of something that began before and took some calls', () => {
      fc.assert(
        fc.property(fc.array(anyCall, { minLength: 20, maxLength: 80 }), (calls) => {
          const group = again();
          for (const [index, call] of calls.entries()) {
            const at = now + index * minute;
            for (const found of group.observe(made(call, at))) {
              expect(found.at).toBe(at);
              expect(found.since).toBeLessThanOrEqual(at);
              expect(found.calls).toBeGreaterThan(1);
              expect(found.factor ?? 2).toBeGreaterThan(1);
              expect(Number.isFinite(found.now)).toBe(true);
            }
          }
        }),
        { numRuns: 20 },
      );
    });
  });

  it('go on from what was written down as if they had never been away', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 17 * 240 }),
        (seed, cut) => {
          const calls = streamOf(seed, 18, (call, at) => ({
            ...(at < start + 15 * day ? call : resized(call, { output: 2.5, dearer: 2 })),
            template: at < start + 15 * day ? 'v1' : 'v2',
          }));
          const whole = new GroupMonitor();
          const expected = findingsOf(calls, whole);
          const first = new GroupMonitor();
          const found = findingsOf(calls.slice(0, cut), first);
          const second = new GroupMonitor(JSON.parse(JSON.stringify(first)));
          found.push(...findingsOf(calls.slice(cut), second));
          expect(found).toEqual(expected);
          expect(second.toJSON()).toEqual(whole.toJSON());
        },
      ),
      { numRuns: 5 },
    );
  });
});
