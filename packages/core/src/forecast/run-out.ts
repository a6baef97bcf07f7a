import type { Projection } from './project.js';

/** Milliseconds since 1970. */
export interface RunOut {
  /** Expected; null where what is left lasts for all steps. */
  at: number | null;
  /** With 80 % probability not before; null where it lasts even then. */
  earliest: number | null;
  /** With 80 % probability not after; null where that is beyond the steps. */
  latest: number | null;
}

export interface Steps {
  now: number;
  /** Where the step that runs ends. */
  firstEnds: number;
  /** Milliseconds. */
  length: number;
  count: number;
  /** Where the window ends, within the last step; what comes after does not count. */
  end: number;
}

/**
 * When the sum of a projection has used up what is left.
 *
 * @param dropped what of the window's past has stopped to count at the end of each step (rolling windows)
 */
export function runOutOf(
  projection: Projection,
  left: number,
  steps: Steps,
  dropped: (step: number) => number = () => 0,
): RunOut {
  const crossing = (sum: (to: number) => number): number | null => {
    let before = 0;
    for (let step = 0; step < steps.count; step++) {
      const after = Math.max(0, sum(step + 1)) - dropped(step);
      if (after >= left) {
        const share = after > before ? Math.max(0, left - before) / (after - before) : 0;
        const [from, to] = boundsOf(step, steps);
        const at = from + share * (to - from);
        return at < steps.end ? at : null;
      }
      before = after;
    }
    return null;
  };
  return {
    at: crossing((to) => projection.expected(0, to)),
    earliest: crossing((to) => projection.interval(80, 0, to).high),
    latest: crossing((to) => projection.interval(80, 0, to).low),
  };
}

/** What is expected until the window's end, and within what: the last step counts as far as it reaches. */
export function untilEnd(
  projection: Projection,
  steps: Steps,
): { expected: number; low: number; high: number } {
  const { count, end } = steps;
  const [from, to] = boundsOf(count - 1, steps);
  const share = to > from ? Math.min(1, Math.max(0, (end - from) / (to - from))) : 1;
  const whole = projection.expected();
  const cut =
    whole > 0 ? (projection.expected(0, count - 1) * (1 - share) + whole * share) / whole : 1;
  const { low, high } = projection.interval(80);
  return { expected: whole * cut, low: low * cut, high: high * cut };
}

function boundsOf(step: number, { now, firstEnds, length }: Steps): [from: number, to: number] {
  const to = firstEnds + step * length;
  return [step === 0 ? now : to - length, to];
}
