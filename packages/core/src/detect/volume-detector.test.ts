import { describe, expect, it } from 'vitest';
import { VolumeDetector, type VolumeChange } from './volume-detector.js';
import { arrivals, officeRate, type Rate } from '../../test-support/traffic.js';
import { day, hour, start } from '../../test-support/call-stream.js';

const change = start + 21 * day + 9 * hour;

/** What is told of calls, by the hour in which it is. */
function told(times: readonly number[], detector = new VolumeDetector(), judged = true) {
  return times.flatMap((at): (VolumeChange & { at: number })[] => {
    const found = detector.observe(at, judged);
    return found === null ? [] : [{ at, ...found }];
  });
}

const changed =
  (factor: number, to = Infinity): Rate =>
  (at) =>
    officeRate(60)(at) * (at >= change && at < to ? factor : 1);

describe('the volume of a group', () => {
  it.each([1, 2, 3, 4, 5, 6])('is as usual over six weeks of office hours (%s)', (seed) => {
    const times = arrivals(seed, start, start + 42 * day, officeRate(60), 60);
    expect(told(times)).toEqual([]);
  });

  it('that has doubled is told within the working day, once, by how much and since when', () => {
    const times = arrivals(7, start, start + 24 * day, changed(2), 120);
    const [found, ...rest] = told(times);
    expect(rest).toEqual([]);
    expect(found!.at - change).toBeLessThan(6 * hour);
    expect(Math.abs(found!.since - change)).toBeLessThanOrEqual(hour);
    expect(found!.factor).toBeGreaterThan(1.6);
    expect(found!.factor).toBeLessThan(2.4);
  });

  it('that has fallen is told as well', () => {
    const times = arrivals(8, start, start + 24 * day, changed(0.3), 60);
    const [found] = told(times);
    expect(found!.at - change).toBeLessThan(8 * hour);
    expect(found!.factor).toBeLessThan(0.5);
  });

  it('is no longer other than usual when it has gone back', () => {
    const detector = new VolumeDetector();
    const times = arrivals(9, start, start + 28 * day, changed(3, change + 8 * hour), 180);
    for (const at of times) {
      detector.observe(at);
      if (at > change + 6 * hour && at < change + 7 * hour) {
        expect(detector.current!.factor).toBeGreaterThan(2);
      }
    }
    expect(detector.current).toBeNull();
  });

  it('is judged by time also when no call comes', () => {
    const detector = new VolumeDetector();
    const quiet = start + 23 * day + 9 * hour;
    told(arrivals(10, start, quiet, officeRate(60), 60), detector);
    const found = Array.from({ length: 12 }, (_, index) =>
      detector.tick(quiet + (index + 1) * hour),
    ).find((each) => each !== null);
    expect(found!.calls).toBe(0);
    expect(found!.expected).toBeGreaterThan(100);
  });

  it('one hour alone is never told, however many calls it has', () => {
    const busy: Rate = (at) => (at >= change && at < change + hour ? 600 : officeRate(60)(at));
    expect(told(arrivals(11, start, start + 25 * day, busy, 600))).toEqual([]);
  });

  it('of the first week, and of history, is never told', () => {
    const growing: Rate = (at) => 20 * (at < start + 3 * day ? 1 : 10);
    expect(told(arrivals(12, start, start + 8 * day, growing, 200))).toEqual([]);
    const times = arrivals(7, start, start + 24 * day, changed(2), 120);
    expect(told(times, new VolumeDetector(), false)).toEqual([]);
  });

  it('goes on after a restart as if it had never been away', () => {
    const times = arrivals(7, start, start + 24 * day, changed(2), 120);
    for (const restart of [100, times.length - 500, times.length - 20]) {
      const before = new VolumeDetector();
      const early = told(times.slice(0, restart), before);
      const after = new VolumeDetector(JSON.parse(JSON.stringify(before)));
      expect([...early, ...told(times.slice(restart), after)]).toEqual(told(times));
    }
  });
});
