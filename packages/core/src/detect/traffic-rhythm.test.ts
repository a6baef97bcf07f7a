import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrafficRhythm } from './traffic-rhythm.js';
import { arrivals, officeRate } from '../../test-support/traffic.js';
import { day, hour, start } from '../../test-support/call-stream.js';

const first = start / hour;

describe('the rhythm of traffic', () => {
  it('knows office hours and weekends', () => {
    const rhythm = new TrafficRhythm();
    for (const at of arrivals(1, start, start + 28 * day, officeRate(200), 200)) rhythm.add(at);
    rhythm.advance(first + 28 * 24);
    const monday = first + 28 * 24;
    expect(rhythm.expected(monday + 12)).toBeGreaterThan(180);
    expect(rhythm.expected(monday + 12)).toBeLessThan(220);
    expect(rhythm.expected(monday + 3)).toBeLessThan(14);
    const saturday = monday + 5 * 24;
    expect(rhythm.expected(saturday + 12)).toBeGreaterThan(30);
    expect(rhythm.expected(saturday + 12)).toBeLessThan(55);
  });

  it('expects nothing before an hour has ended', () => {
    const rhythm = new TrafficRhythm();
    rhythm.add(start);
    expect(rhythm.expected(first + 1)).toBe(0);
  });

  it('tells each hour once, also those without a call', () => {
    const rhythm = new TrafficRhythm();
    const ended: [number, number][] = [];
    const tell = (at: number, calls: number) => ended.push([at - first, calls]);
    rhythm.add(start, tell);
    rhythm.add(start + 1, tell);
    rhythm.add(start + 3 * hour, tell);
    rhythm.advance(first + 4, tell);
    rhythm.advance(first + 4, tell);
    expect(ended).toEqual([
      [0, 2],
      [1, 0],
      [2, 0],
      [3, 1],
    ]);
  });

  it('does not count a call of an hour that has ended', () => {
    const rhythm = new TrafficRhythm();
    rhythm.add(start + hour);
    expect(rhythm.add(start)).toBe(false);
  });

  it('forgets all after four weeks of silence', () => {
    const rhythm = new TrafficRhythm();
    for (let at = start; at < start + 20 * day; at += hour / 4) rhythm.add(at);
    rhythm.add(start + 60 * day);
    expect(rhythm.knownHours).toBe(0);
    expect(rhythm.expected(first)).toBe(0);
  });

  it('goes on from what it was kept as', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 5 * hour }), { maxLength: 100 });
    fc.assert(
      fc.property(steps, fc.nat({ max: 100 }), (gaps, restart) => {
        const whole = new TrafficRhythm();
        let other = new TrafficRhythm();
        let at = start;
        for (const [index, gap] of gaps.entries()) {
          at += gap;
          if (index === restart) other = new TrafficRhythm(JSON.parse(JSON.stringify(other)));
          whole.add(at);
          other.add(at);
        }
        expect(other.toJSON()).toEqual(whole.toJSON());
      }),
    );
  });
});
