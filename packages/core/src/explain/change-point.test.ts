import { describe, expect, it } from 'vitest';
import { findChange, type Point } from './change-point.js';
import { Dice, hourText } from './simulated-ledger.fixture.js';

/** Hours whose level is `level(hour)`, with noise of a tenth, and as many calls as a day has. */
function hours(
  level: (hour: number) => number,
  { seed = 1, noise = 0.1, count = 336 } = {},
): Point[] {
  const dice = new Dice(seed);
  return Array.from({ length: count }, (_, hour) => ({
    at: hourText(hour),
    value: level(hour) + noise * dice.normal(),
    weight: Math.ceil(50 + 40 * Math.sin(hour / 4) + 10 * dice.uniform()),
  }));
}

describe('when a quantity moved', () => {
  it('a change that lasts is dated to within two hours, in 100 of 100', () => {
    for (let seed = 0; seed < 100; seed++) {
      const change = findChange(
        hours((hour) => (hour < 200 ? 0 : 0.3), { seed }),
        1,
      )!;
      const found = (Date.parse(change.from) - Date.parse(hourText(0))) / 3_600_000;
      expect(Math.abs(found - 200)).toBeLessThanOrEqual(2);
      expect(change.last).toBeNull();
      expect(change.after - change.before).toBeCloseTo(0.3, 1);
    }
  });

  it('a change that is over has two dates', () => {
    const change = findChange(
      hours((hour) => (hour >= 200 && hour < 240 ? 1 : 0)),
      1,
    );
    expect(change).toMatchObject({ from: hourText(200), last: hourText(239) });
  });

  it('noise has no date: none in 200', () => {
    const found = Array.from({ length: 200 }, (_, seed) =>
      findChange(
        hours(() => 0, { seed }),
        1,
      ),
    );
    expect(found.filter((change) => change !== null)).toEqual([]);
  });

  it('only the direction that was asked for counts', () => {
    const fall = hours((hour) => (hour < 200 ? 0.5 : 0));
    expect(findChange(fall, -1)).toMatchObject({ from: hourText(200) });
    expect(findChange(fall, 1)).toBeNull();
  });

  it('one odd hour of very many calls is not a change', () => {
    const series = hours(() => 0);
    series[100] = { ...series[100]!, value: 5, weight: 1_000_000 };
    expect(findChange(series, 1)).toBeNull();
  });

  it('the same level throughout, and fewer spans than tell anything, have none', () => {
    expect(
      findChange(
        hours(() => 1, { noise: 0 }),
        1,
      ),
    ).toBeNull();
    expect(
      findChange(
        hours((hour) => hour, { count: 5 }),
        1,
      ),
    ).toBeNull();
    expect(findChange([], 1)).toBeNull();
  });
});
