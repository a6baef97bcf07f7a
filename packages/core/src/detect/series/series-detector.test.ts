import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeriesDetector } from './series-detector.js';

const hour = 3_600_000;
/** Nights at a tenth of days; a little chance that is the same in every run. */
const usual = (index: number) =>
  (index % 24 < 7 ? 2 : 20) * (1 + 0.2 * Math.sin(index * 12.9898) * Math.cos(index * 78.233));

function run(valueOf: (index: number) => number, hours: number, detector = new SeriesDetector(24)) {
  return Array.from({ length: hours }, (_, index) => ({
    index,
    ...detector.observe(valueOf(index), index * hour),
  }));
}

/** What is beyond chance: NAB's best threshold is 25.4. */
const strange = 25;

describe('an hourly series', () => {
  it('of days and nights is no news', () => {
    const scores = run(usual, 24 * 60);
    expect(scores.filter(({ news }) => news > strange)).toEqual([]);
  });

  it('tells an hour that is like none before, at once and once', () => {
    const scores = run((index) => usual(index) * (index >= 1_000 && index < 1_006 ? 6 : 1), 1_100);
    const told = scores.filter(({ news }) => news > strange);
    expect(told[0]!.index).toBe(1_000);
    expect(told.length).toBeLessThan(6);
  });

  it('tells by day what would be usual by night', () => {
    const quiet = 24 * 40 + 12;
    const scores = run((index) => (index >= quiet && index < quiet + 8 ? 2 : usual(index)), 1_000);
    const inIt = scores.filter(({ index }) => index >= quiet && index < quiet + 8);
    expect(Math.max(...inIt.map(({ news }) => news))).toBeGreaterThan(strange);
    expect(inIt[0]!.feature).not.toBe('value');
  });

  it('tells that it has become flat', () => {
    const scores = run((index) => (index < 900 ? usual(index) : 12), 960);
    const told = scores.filter(({ index, surprise }) => index >= 900 && surprise > 10);
    expect(told.map(({ feature }) => feature)).toContain('spread');
  });

  it('goes on after a restart as if it had never been away', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1_000, noNaN: true }), { minLength: 70, maxLength: 200 }),
        fc.nat({ max: 200 }),
        (values, restart) => {
          const whole = new SeriesDetector(24);
          let other = new SeriesDetector(24);
          for (const [index, value] of values.entries()) {
            if (index === restart) {
              other = SeriesDetector.fromJSON(JSON.parse(JSON.stringify(other)));
            }
            expect(other.observe(value, index * hour)).toEqual(whole.observe(value, index * hour));
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('leaves out what is no number, and stands any number and any time', () => {
    const detector = new SeriesDetector(24);
    run(usual, 200, detector);
    const before = JSON.stringify(detector);
    for (const value of [NaN, Infinity, -Infinity, 1e101]) {
      expect(detector.observe(value, 0)).toMatchObject({ surprise: 0, news: 0 });
    }
    expect(JSON.stringify(detector)).toBe(before);
    for (const value of [0, -5, 1e99, -1e99]) {
      expect(detector.observe(value, -123_456_789).surprise).not.toBeNaN();
    }
  });
});
