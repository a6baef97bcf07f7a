import { describe, expect, it } from 'vitest';
import { RunGuard, type RunAlarm, type RunGuardState } from './run-guard.js';
import { hour, minute, start } from '../../test-support/call-stream.js';

/** A guard that has seen 500 runs of one to ten calls at a cent. */
function experienced(): { guard: RunGuard; now: number } {
  const guard = new RunGuard();
  let at = start;
  for (let run = 0; run < 500; run++) {
    for (let call = 0; call <= run % 10; call++) {
      at += minute / 6;
      expect(guard.observe({ at, run: `usual-${run}`, cost: 0.01, repeated: false })).toBeNull();
    }
  }
  const now = at + hour;
  guard.observe({ at: now, run: 'last', cost: 0.01, repeated: false });
  return { guard, now };
}

function alarmOf(
  guard: RunGuard,
  now: number,
  calls: number,
  call: (index: number) => { cost: number; repeated?: boolean; depth?: number },
): RunAlarm | null {
  for (let index = 0; index < calls; index++) {
    const alarm = guard.observe({
      at: now + index * 1_000,
      run: 'mine',
      repeated: false,
      ...call(index),
    });
    if (alarm !== null) return alarm;
  }
  return null;
}

describe('the guard of runs', () => {
  it('tells a run that costs far more than others, when it does', () => {
    const { guard, now } = experienced();
    const alarm = alarmOf(guard, now, 20, () => ({ cost: 0.05 }));
    // Twice the ten cents of the dearest of others, the largest call left out: the sixth call.
    expect(alarm).toMatchObject({ run: 'mine', reason: 'cost', calls: 6, since: now });
    expect(alarm!.limit).toBeCloseTo(0.2, 1);
  });

  it('does not mistake one large document for a loop', () => {
    const { guard, now } = experienced();
    expect(alarmOf(guard, now, 8, (index) => ({ cost: index === 3 ? 50 : 0.01 }))).toBeNull();
  });

  it('tells a run of far more calls than others, not before thirty', () => {
    const { guard, now } = experienced();
    const alarm = alarmOf(guard, now, 60, () => ({ cost: 0 }));
    expect(alarm).toMatchObject({ reason: 'calls', calls: 31 });
  });

  it('tells a run that repeats itself, also when it knows nothing of others', () => {
    const repeating = () => ({ cost: 0, repeated: true });
    const { guard, now } = experienced();
    expect(alarmOf(guard, now, 20, repeating)).toMatchObject({ reason: 'repeats', calls: 5 });
    expect(alarmOf(new RunGuard(), now, 20, repeating)).toMatchObject({ calls: 6 });
  });

  it('bears repetitions where all runs have them', () => {
    const guard = new RunGuard();
    let at = start;
    for (let run = 0; run < 200; run++) {
      for (let call = 0; call < 10; call++) {
        at += 1_000;
        // The guard is new to them: history, not judged.
        guard.observe({ at, run: `usual-${run}`, cost: 0.01, repeated: call > 3 }, false);
      }
    }
    at += hour;
    expect(alarmOf(guard, at, 10, (index) => ({ cost: 0, repeated: index > 3 }))).toBeNull();
  });

  it('tells a run once', () => {
    const { guard, now } = experienced();
    alarmOf(guard, now, 60, () => ({ cost: 1 }));
    expect(guard.hasAlarmed('mine')).toBe(true);
    expect(alarmOf(guard, now, 60, () => ({ cost: 1 }))).toBeNull();
  });

  it('remembers a bounded number of runs, however many begin', () => {
    const guard = new RunGuard();
    for (let run = 0; run < 5_000; run++) {
      guard.observe({ at: start + run, run: `flood-${run}`, cost: 0.01, repeated: false });
    }
    expect(guard.toJSON().runs).toHaveLength(250);
  });

  it('tells a run that spends far faster than others, once it is as dear as the dearest', () => {
    const guard = new RunGuard();
    let at = start;
    // Usual runs take an hour: ten calls of a cent each, with minutes between them.
    for (let run = 0; run < 200; run++) {
      for (let call = 0; call < 60; call++) {
        at += call % 6 === 0 ? minute : 5_000;
        guard.observe({ at, run: `usual-${run}`, cost: 0.01, repeated: false });
      }
    }
    const now = at + hour;
    guard.observe({ at: now, run: 'last', cost: 0.01, repeated: false });
    const alarm = alarmOf(guard, now, 50, () => ({ cost: 0.05 }));
    expect(alarm).toMatchObject({ reason: 'velocity' });
    // Before it is twice as dear as the dearest, $1.20.
    expect(alarm!.cost).toBeLessThan(1.2);
  });

  it('does not take a burst of a cheap run for a loop', () => {
    const { guard, now } = experienced();
    expect(alarmOf(guard, now, 4, () => ({ cost: 0.02 }))).toBeNull();
  });

  it('tells runs that are nested deeper than others, and than ten where it knows of none', () => {
    const nested = (index: number) => ({ cost: 0, depth: index });
    const unknown = alarmOf(new RunGuard(), start, 20, nested);
    expect(unknown).toMatchObject({ reason: 'depth', limit: 10, calls: 12 });
    const { guard, now } = experienced();
    expect(alarmOf(guard, now, 20, nested)).toMatchObject({ reason: 'depth', limit: 5 });
  });

  it.each([
    ['cost', { cost: 0.1 }, 11],
    ['calls', { calls: 3 }, 4],
    ['velocity', { velocity: 0.05 }, 6],
    ['repeats', { repeats: 2 }, 3],
    ['depth', { depth: 1 }, 3],
  ] as const)('holds a run to a ceiling on %s whatever others do', (reason, ceilings, calls) => {
    const guard = new RunGuard(undefined, ceilings);
    const alarm = alarmOf(guard, start, 20, (index) => ({
      cost: 0.01,
      repeated: reason === 'repeats',
      depth: index,
    }));
    expect(alarm).toMatchObject({ reason, calls });
  });

  it('tells a run that it had told as unlike others once more, when it goes beyond a ceiling', () => {
    const learnt = experienced();
    const guard = new RunGuard(learnt.guard.toJSON(), { calls: 15 });
    const alarms = Array.from({ length: 40 }, (_, index) =>
      guard.observe({ at: learnt.now + index, run: 'mine', cost: 0.05, repeated: false }),
    ).filter((alarm) => alarm !== null);
    expect(alarms).toMatchObject([
      { reason: 'cost', calls: 6, configured: false, again: false },
      { reason: 'calls', calls: 16, limit: 15, configured: true, again: true },
    ]);
  });

  it('is not deaf to loops because its history had some that nobody told', () => {
    const guard = new RunGuard();
    for (let run = 0; run < 60; run++) {
      for (let call = 0; call < 20; call++) {
        const at = start + run * hour + call * minute;
        const repeated = run < 3 && call > 5;
        guard.observe({ at, run: `past-${run}`, cost: 0.01, repeated }, false);
      }
    }
    const now = start + 61 * hour;
    guard.observe({ at: now, run: 'last', cost: 0.01, repeated: false });
    const repeating = () => ({ cost: 0, repeated: true });
    expect(alarmOf(guard, now, 20, repeating)!.calls).toBeLessThanOrEqual(7);
  });

  it('leaves a pardoned run alone until it has twice what it had', () => {
    const guard = new RunGuard();
    const repeating = () => ({ cost: 0.01, repeated: true });
    expect(alarmOf(guard, start, 20, repeating)).toMatchObject({ reason: 'repeats', calls: 6 });
    guard.pardon('mine');
    expect(guard.hasAlarmed('mine')).toBe(false);
    expect(alarmOf(guard, start, 20, repeating)).toMatchObject({ reason: 'repeats', calls: 12 });
  });

  it('goes on from its state as if nothing had been', () => {
    const { guard, now } = experienced();
    alarmOf(guard, now, 3, () => ({ cost: 0.05 }));
    const again = new RunGuard(JSON.parse(JSON.stringify(guard)) as RunGuardState);
    const rest = (one: RunGuard) => alarmOf(one, now + 3_000, 20, () => ({ cost: 0.05 }));
    expect(rest(again)).toEqual(rest(guard));
    expect(again.toJSON()).toEqual(guard.toJSON());
  });
});
