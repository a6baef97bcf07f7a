import { describe, expect, it } from 'vitest';
import { SilenceDetector, type Silence } from './silence-detector.js';
import { arrivals, officeRate } from '../../test-support/traffic.js';
import { day, hour, minute, start } from '../../test-support/call-stream.js';

/** What is told from `from` to `to`, ticked every minute, with calls at `times`. */
function watch(
  detector: SilenceDetector,
  times: readonly number[],
  from: number,
  to: number,
): { at: number; found: Silence }[] {
  const told: { at: number; found: Silence }[] = [];
  let next = 0;
  for (let now = from; now < to; now += minute) {
    for (; next < times.length && times[next]! <= now; next++) detector.observe(times[next]!, now);
    const found = detector.tick(now);
    if (found !== null) told.push({ at: now, found });
  }
  return told;
}

function learnt(times: readonly number[]): SilenceDetector {
  const detector = new SilenceDetector();
  for (const at of times) detector.observe(at);
  return detector;
}

const office = (seed: number, to: number) => arrivals(seed, start, to, officeRate(60), 60);
/** A Monday, three weeks on, at ten. */
const stop = start + 21 * day + 10 * hour;

describe('a group that stops calling', () => {
  it('is told within the hour by day, with what would have come', () => {
    const detector = learnt(office(1, stop));
    const told = watch(detector, [], stop, stop + 6 * hour);
    expect(told).toHaveLength(1);
    expect(told[0]!.at - stop).toBeLessThan(hour);
    expect(told[0]!.found.expected).toBeGreaterThan(1.5 * told[0]!.found.usual - 1e-9);
    expect(detector.current!.expected).toBeGreaterThan(200);
  });

  it('is told later by night, when nobody would have called', () => {
    const evening = start + 21 * day + 20 * hour;
    const told = watch(learnt(office(2, evening)), [], evening, evening + day);
    expect(told).toHaveLength(1);
    expect(told[0]!.at).toBeGreaterThan(start + 22 * day + 2 * hour);
    expect(told[0]!.at).toBeLessThan(start + 22 * day + 9 * hour);
  });

  it.each([3, 4, 5, 6])('and calls as usual is never told (%s)', (seed) => {
    const times = office(seed, start + 35 * day);
    const live = times.filter((at) => at >= start + 14 * day);
    const detector = learnt(times.filter((at) => at < start + 14 * day));
    expect(watch(detector, live, start + 14 * day, start + 35 * day)).toEqual([]);
  });

  it('has not, when it is a job of once a day', () => {
    const job = (from: number, days: number) =>
      Array.from({ length: days * 40 }, (_, index) => {
        const onDay = from + Math.floor(index / 40) * day;
        return onDay + 2 * hour + (index % 40) * 10_000;
      });
    const detector = learnt(job(start, 14));
    const since = start + 14 * day;
    expect(watch(detector, job(since, 7), since, since + 7 * day)).toEqual([]);
    // On the day when it does not run it is missed in its hour.
    const missed = watch(detector, [], since + 7 * day, since + 8 * day);
    expect(missed).toHaveLength(1);
    expect(missed[0]!.at).toBeLessThan(since + 7 * day + 3 * hour);
  });

  it('is no longer silent when it calls again, and may be told again', () => {
    const detector = learnt(office(7, stop));
    expect(watch(detector, [], stop, stop + 2 * hour)).toHaveLength(1);
    const again = arrivals(8, stop + 2 * hour, stop + 6 * hour, officeRate(60), 60);
    expect(watch(detector, again, stop + 2 * hour, stop + 6 * hour)).toEqual([]);
    expect(detector.current).toBeNull();
    expect(watch(detector, [], stop + 6 * hour, stop + 9 * hour)).toHaveLength(1);
  });

  it('is told only of time in which somebody watched', () => {
    const asleep = learnt(office(9, stop));
    asleep.tick(stop + minute);
    // The machine slept for two days, or its clock jumped.
    expect(asleep.tick(stop + 2 * day)).toBeNull();
    expect(asleep.tick(stop - day)).toBeNull();
    expect(watch(asleep, [], stop + 2 * day, stop + 2 * day + 2 * hour)).toHaveLength(1);
  });

  it('is not told of a group of which little is known', () => {
    const young = learnt(arrivals(10, start, start + 5 * day, officeRate(60), 60));
    expect(watch(young, [], start + 5 * day, start + 7 * day)).toEqual([]);
    const rare = learnt(Array.from({ length: 30 }, (_, index) => start + index * day));
    expect(watch(rare, [], start + 30 * day, start + 34 * day)).toEqual([]);
  });

  it('is not ended by a call of before, and a call of the future is one of now', () => {
    const detector = learnt(office(11, stop));
    watch(detector, [], stop, stop + 2 * hour);
    detector.observe(stop - hour, stop + 2 * hour);
    expect(detector.current).not.toBeNull();
    detector.observe(stop + 10 * day, stop + 2 * hour);
    expect(detector.current).toBeNull();
    expect(watch(detector, [], stop + 2 * hour, stop + 5 * hour)).toHaveLength(1);
  });

  it('goes on after a restart as if it had never been away', () => {
    const whole = learnt(office(12, stop));
    const restored = new SilenceDetector(JSON.parse(JSON.stringify(whole)));
    expect(watch(restored, [], stop, stop + 3 * hour)).toEqual(
      watch(whole, [], stop, stop + 3 * hour),
    );
    expect(restored.toJSON()).toEqual(whole.toJSON());
  });
});
