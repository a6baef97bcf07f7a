import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverseNormal } from './normal.js';
import { OutlierRecorder, type CostOutlier } from './outlier-recorder.js';
import { start, uniforms } from '../../test-support/call-stream.js';

interface Call {
  at: number;
  cost: number | null;
  group: string;
  model: string;
}

/** Costs about two cents, spread by 60 %, as calls of a feature do. */
function calls(seed: number, count: number, { group = 'search', median = 0.02 } = {}): Call[] {
  const next = uniforms(seed);
  return Array.from({ length: count }, (_, index) => ({
    at: start + index * 60_000,
    cost: median * Math.exp(0.6 * inverseNormal(next())),
    group,
    model: 'small',
  }));
}

const record = (all: readonly Call[], recorder = new OutlierRecorder(), judged = true) =>
  all.flatMap((call): CostOutlier[] => {
    const found = recorder.observe(call, judged);
    return found === null ? [] : [found];
  });

const costly = (cost: number, group = 'search'): Call => ({ at: 0, cost, group, model: 'small' });

describe('outliers among calls', () => {
  it('are about one in a thousand of usual calls, and none of calls that are alike', () => {
    const found = record(calls(1, 20_000));
    expect(found.length).toBeGreaterThan(2);
    expect(found.length).toBeLessThan(40);
    const alike = calls(1, 5_000).map((call) => ({ ...call, cost: 0.02 }));
    expect(record(alike)).toEqual([]);
  });

  it('are more than three times the median, however close together the others are', () => {
    const recorder = new OutlierRecorder();
    record(
      calls(1, 500).map((call) => ({ ...call, cost: 0.02 })),
      recorder,
    );
    expect(record([costly(0.058)], recorder)).toEqual([]);
    const [found] = record([costly(0.12)], recorder);
    expect(found).toMatchObject({ cost: 0.12, among: 'own', calls: 501 });
    expect(found!.factor).toBeCloseTo(6, 0);
    expect(found!.probability).toBeLessThan(1e-3);
  });

  it('are judged among all calls while those of their own are few', () => {
    const recorder = new OutlierRecorder();
    record(calls(2, 1_000), recorder);
    expect(record([costly(9, 'new')], recorder)[0]).toMatchObject({ among: 'all' });
    // What is dear from the first call on is so by its nature: told once, not each time.
    expect(record([costly(9, 'new'), costly(8, 'new'), costly(10, 'new')], recorder)).toEqual([]);
  });

  it('do not hide those that come after them', () => {
    const recorder = new OutlierRecorder();
    record(calls(3, 60), recorder);
    expect(record([costly(10_000)], recorder)).toHaveLength(1);
    expect(record([costly(1)], recorder)).toHaveLength(1);
  });

  it('are none before there is anything to compare with, of free calls and of unknown costs', () => {
    const few = new OutlierRecorder();
    expect(record([...calls(4, 29), costly(1e6)], few)).toEqual([]);
    const recorder = new OutlierRecorder();
    record(calls(4, 100), recorder);
    expect(record([costly(0), { ...costly(0), cost: null }], recorder)).toEqual([]);
  });

  it('of history are learnt from and not recorded', () => {
    expect(record([...calls(5, 1_000), costly(100)], new OutlierRecorder(), false)).toEqual([]);
  });

  it('are forgotten with the kinds that called longest ago, beyond 10,000', () => {
    const recorder = new OutlierRecorder();
    for (let index = 0; index < 10_050; index++) {
      recorder.observe({ ...costly(0.02), group: `feature-${index}` });
    }
    expect(recorder.toJSON().kinds).toHaveLength(10_000);
    expect(recorder.toJSON().kinds.some(([kind]) => kind === 'feature-0\nsmall')).toBe(false);
  });

  it('are the same after a restart', () => {
    const cost = fc.double({ min: 1e-6, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(cost, { minLength: 40, maxLength: 150 }),
        fc.nat({ max: 150 }),
        (costs, restart) => {
          const whole = new OutlierRecorder();
          let other = new OutlierRecorder();
          for (const [index, each] of costs.entries()) {
            if (index === restart) other = new OutlierRecorder(JSON.parse(JSON.stringify(other)));
            expect(other.observe(costly(each))).toEqual(whole.observe(costly(each)));
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
