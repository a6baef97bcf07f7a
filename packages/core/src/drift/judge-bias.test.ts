import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DriftBucket } from './drift-bucket.js';
import { judgeBias } from './judge-bias.js';

const hourMilliseconds = 3_600_000;
const start = Date.UTC(2026, 2, 1);
const at = (hour: number) => new Date(start + hour * hourMilliseconds).toISOString();

/** Uniform numbers from 0 to 1, the same each time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Hours of calls whose lengths are spread as answers are (log-normal, σ = 1: mean 1.65 times the median),
 * and on top of that vary from hour to hour. Every call is estimated at its mean.
 */
function hours(
  count: number,
  factor: (hour: number) => number,
  { seed = 1, callsPerHour = 40 } = {},
): DriftBucket[] {
  const random = randomFrom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, (_, hour) => {
    const calls = Math.ceil(random() * 2 * callsPerHour);
    const mood = Math.exp(0.1 * normal() - 0.005);
    let actual = 0;
    for (let call = 0; call < calls; call++) {
      actual += 500 * factor(hour) * mood * Math.exp(normal() - 0.5);
    }
    return { at: at(hour), calls, estimated: 500 * calls, actual };
  });
}

describe('whether estimates are biased', () => {
  test('fair estimates of skewed lengths are called fair: not one false alarm in 500 features', () => {
    const verdicts = Array.from({ length: 500 }, (_, seed) =>
      judgeBias(hours(168, () => 1, { seed })),
    );
    expect(verdicts.filter(({ verdict }) => verdict !== 'fair')).toEqual([]);
  });

  test('few calls and few hours cause hardly more false alarms than one in a thousand', () => {
    const alarms = Array.from({ length: 2_000 }, (_, seed) =>
      judgeBias(hours(12, () => 1, { seed, callsPerHour: 6 })),
    ).filter(({ verdict }) => verdict === 'too_low' || verdict === 'too_high');
    expect(alarms.length).toBeLessThan(20);
  });

  test('a bias of 40 % is found in either direction, with its size', () => {
    const low = judgeBias(hours(168, () => 1.4));
    expect(low).toMatchObject({ verdict: 'too_low', since: at(0), since_start: true });
    expect(low.ratio).toBeCloseTo(1.4, 1);
    expect(low.interval!.low).toBeGreaterThan(1.2);
    expect(low.interval!.high).toBeLessThan(1.6);
    expect(judgeBias(hours(168, () => 0.6))).toMatchObject({ verdict: 'too_high' });
  });

  test('what is off by less than 10 % is fair, however sure', () => {
    const bias = judgeBias(hours(168, () => 1.06, { callsPerHour: 1_000 }));
    expect(bias.interval!.low).toBeGreaterThan(1);
    expect(bias.verdict).toBe('fair');
  });

  test('five calls are not judged, whatever they took', () => {
    const five = Array.from({ length: 5 }, (_, hour) => ({
      at: at(hour),
      calls: 1,
      estimated: 500,
      actual: 5_000,
    }));
    expect(judgeBias(five)).toMatchObject({ verdict: 'not_judged', ratio: 10, interval: null });
  });

  test('a thousand calls of one hour are not judged either: they are one observation', () => {
    const [burst] = hours(1, () => 2, { callsPerHour: 1_000 });
    const trickle = hours(40, () => 1, { callsPerHour: 1 }).map((bucket, index) => ({
      ...bucket,
      at: at(index + 1),
    }));
    expect(judgeBias([burst!, ...trickle])).toMatchObject({ verdict: 'not_judged' });
  });

  test('nothing to compare is no ratio', () => {
    expect(judgeBias([])).toEqual({
      ratio: null,
      interval: null,
      verdict: 'not_judged',
      since: null,
      since_start: false,
    });
  });

  test('the order of the buckets changes nothing, and the scale neither', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.constantFrom(0.5, 1, 1.3, 2),
        (seed, f) => {
          const series = hours(48, (hour) => (hour < 20 ? 1 : f), { seed });
          const bias = judgeBias(series);
          expect(judgeBias(series.toReversed())).toEqual(bias);
          const dollars = series.map((bucket) => ({
            ...bucket,
            estimated: bucket.estimated * 1024,
            actual: bucket.actual * 1024,
          }));
          expect(judgeBias(dollars)).toEqual(bias);
        },
      ),
    );
  });
});

describe('since when', () => {
  const foundAt = (since: string | null) =>
    since === null ? null : (Date.parse(since) - start) / hourMilliseconds;

  test.each([
    [1.5, 'too_low'],
    [2, 'too_low'],
    [0.5, 'too_high'],
  ] as const)(
    'a change to %d times is dated to within four hours, nearly always',
    (factor, verdict) => {
      const dated = Array.from({ length: 100 }, (_, seed) =>
        judgeBias(hours(168, (hour) => (hour < 100 ? 1 : factor), { seed })),
      );
      expect(dated.every((bias) => bias.verdict === verdict)).toBe(true);
      const near = dated.filter(({ since }) => Math.abs((foundAt(since) ?? -99) - 100) <= 4);
      expect(near.length).toBeGreaterThanOrEqual(95);
      expect(dated.every(({ since_start: isStart }) => !isStart)).toBe(true);
    },
  );

  test('one wild hour long ago does not date it', () => {
    const wild = hours(168, (hour) => (hour === 20 ? 12 : hour < 100 ? 1 : 1.8));
    const found = foundAt(judgeBias(wild).since);
    expect(Math.abs(found! - 100)).toBeLessThanOrEqual(4);
  });

  test('a bias that is over has no beginning', () => {
    const past = hours(168, (hour) => (hour < 80 ? 2 : 1));
    expect(judgeBias(past)).toMatchObject({ verdict: 'too_low', since: null });
  });
});
