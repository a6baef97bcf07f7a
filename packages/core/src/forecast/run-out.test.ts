import { describe, expect, test } from 'vitest';
import { project } from './project.js';
import { runOutOf, untilEnd, type Steps } from './run-out.js';

const day = 86_400_000;
const now = 100 * day;
/** Ten a day, every day, as long as anybody knows. */
const steady = (count: number) =>
  project(
    {
      values: Array.from({ length: 90 }, () => 10),
      season: 7,
      phase: 0,
      running: { value: 0, elapsed: 0 },
    },
    count,
  );
const steps = (count: number, end = now + count * day): Steps => ({
  now,
  firstEnds: now + day,
  length: day,
  count,
  end,
});

describe('when something runs out', () => {
  test('is within the step in which the sum passes it', () => {
    const { at, earliest, latest } = runOutOf(steady(20), 55, steps(20));
    expect((at! - now) / day).toBeCloseTo(5.5, 1);
    expect(earliest!).toBeLessThan(at!);
    expect(latest!).toBeGreaterThan(at!);
  });

  test('is at once where nothing is left, and never where more is left than comes', () => {
    expect(runOutOf(steady(20), 0, steps(20)).at).toBe(now);
    expect(runOutOf(steady(20), 10_000, steps(20))).toEqual({
      at: null,
      earliest: null,
      latest: null,
    });
  });

  test('does not count what lies behind the end of the window, in the last step', () => {
    expect(runOutOf(steady(6), 55, steps(6, now + 5.4 * day)).at).toBeNull();
    expect(runOutOf(steady(6), 55, steps(6, now + 5.7 * day)).at).not.toBeNull();
    expect(untilEnd(steady(6), steps(6, now + 5.5 * day)).expected).toBeCloseTo(55, 0);
  });

  test('of a rolling window counts what it forgets', () => {
    const forgotten = (step: number) => 10 * (step + 1);
    expect(runOutOf(steady(20), 1, steps(20), forgotten).at).toBeNull();
    expect(runOutOf(steady(20), 15, steps(20), (step) => 5 * (step + 1)).at).not.toBeNull();
  });
});
