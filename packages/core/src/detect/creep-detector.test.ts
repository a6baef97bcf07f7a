import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day, hour, start, uniforms } from '../../test-support/call-stream.js';
import { CreepDetector, type Creep } from './creep-detector.js';
import { inverseNormal } from './normal.js';

const spread = 0.6;
const history = 14;

/** Calls every ten minutes; days differ by `drift`. */
function feed(
  detector: CreepDetector,
  days: number,
  size: (at: number) => number,
  { seed = 1, drift = 0.03, judged = true } = {},
): (Creep & { at: number })[] {
  const random = uniforms(seed);
  const found: (Creep & { at: number })[] = [];
  let today = 0;
  for (let at = start; at < start + days * day; at += day / 144) {
    if (at % day === 0) today = drift * inverseNormal(random());
    const value = 5 + today + spread * inverseNormal(random()) + size(at);
    const creep = detector.observe(value, at, spread, judged);
    if (creep !== null) found.push({ ...creep, at });
  }
  return found;
}

const from = start + history * day;
/** Doubles in five days. */
const creeping = (at: number): number => Math.max(0, ((at - from) / (5 * day)) * Math.LN2);

describe('what grows slowly', () => {
  it.each([1, 2, 3])('is found while no day differs much from the day before (%i)', (seed) => {
    const [first] = feed(new CreepDetector(), history + 6, creeping, { seed });
    const hours = (first!.at - from) / hour;
    expect(hours).toBeGreaterThan(6);
    expect(hours).toBeLessThan(60);
    expect(first!.factor).toBeGreaterThan(1.1);
    expect(first!.factor).toBeLessThan(1.5);
    expect(Math.log(first!.factor)).toBeCloseTo(first!.now - first!.before, 9);
    expect(first!.since).toBeLessThanOrEqual(first!.at - 4 * day);
  });

  it('is found where days only differ once in four months, no more often', () => {
    const months = [1, 2, 3, 4, 5, 6, 7, 8, 9].filter(
      (seed) => feed(new CreepDetector(), 50, () => 0, { seed, drift: 0.05 }).length > 0,
    );
    expect(months.length).toBeLessThanOrEqual(3);
  });

  it('must be more where days have always differed more', () => {
    const calm = feed(new CreepDetector(), history + 6, creeping, { seed: 5, drift: 0.02 });
    const wild = feed(new CreepDetector(), history + 6, creeping, { seed: 5, drift: 0.2 });
    expect(calm[0]!.at).toBeLessThan(wild[0]?.at ?? Infinity);
  });

  it('is not told of less than a tenth, however sure', () => {
    const slight = (at: number): number => (at > from ? Math.log(1.08) : 0);
    expect(feed(new CreepDetector(), history + 6, slight, { drift: 0 })).toEqual([]);
  });

  it('is not told without six days to compare with, nor of history', () => {
    const early = (at: number): number => (at > start + 5 * day ? 1 : 0);
    expect(feed(new CreepDetector(), 9, early)).toEqual([]);
    expect(feed(new CreepDetector(), 30, creeping, { judged: false })).toEqual([]);
  });

  it('takes no more room in a year than in a month', () => {
    const year = new CreepDetector();
    feed(year, 100, () => 0);
    const { days, blocks } = year.toJSON();
    expect(days.length / 3).toBeLessThanOrEqual(17);
    expect(blocks.length / 3).toBeLessThanOrEqual(25);
  });

  it('goes on from what was written down as if it had never been away', () => {
    const steps = fc.array(
      fc.record({
        hours: fc.constantFrom(0, 0, 0.3, 1, 5, 30),
        size: fc.integer({ min: 0, max: 20 }),
      }),
      { minLength: 5, maxLength: 120 },
    );
    fc.assert(
      fc.property(steps, fc.nat(119), (calls, cut) => {
        const whole = new CreepDetector();
        let parted = new CreepDetector();
        let at = start;
        for (const [index, { hours, size }] of calls.entries()) {
          if (index === cut % calls.length) {
            parted = new CreepDetector(JSON.parse(JSON.stringify(parted)));
          }
          at += hours * hour;
          expect(parted.observe(size / 10, at, spread)).toEqual(
            whole.observe(size / 10, at, spread),
          );
        }
        expect(parted.toJSON()).toEqual(whole.toJSON());
      }),
      { numRuns: 50 },
    );
  });
});
