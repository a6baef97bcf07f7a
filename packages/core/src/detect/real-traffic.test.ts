import { describe, expect, it } from 'vitest';
import { guardSessions } from '../../../../bench/detect/real/agent-loops.js';
import { aiderOutliers, hasAider } from '../../../../bench/detect/real/aider.js';
import { hasSessions, readSessions } from '../../../../bench/detect/real/sessions.js';

// What is recorded in docs/benchmarks.md, as far as it is quick: `npm run bench:detect -- real` tells all.
describe.skipIf(!hasAider)('real prices (skipped where ../shared/data/aider is not there)', () => {
  it('have the wrong price and the giant prompt on top of few outliers', () => {
    const { calls, outliers } = aiderOutliers();
    expect(calls).toBe(4_419);
    expect(outliers.length).toBeLessThanOrEqual(25);
    expect(outliers[0]!.cost).toBeCloseTo(9_990.0125, 3);
    expect(outliers[1]!.prompt_tokens).toBe(913_414);
  });
});

describe.skipIf(!hasSessions)('real agents (skipped where ../shared/data has no sessions)', () => {
  it('are not stopped while they are healthy, and are when they loop', () => {
    // Every eighth: all of them take half a minute.
    const sessions = readSessions().filter((_, index) => index % 8 === 0);
    const { falseStops, outcomes } = guardSessions(sessions, 'nothing');
    expect(falseStops).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(20);
    const late = outcomes.filter(
      ({ stopped, provable }) => stopped === null || provable === null || stopped > provable + 3,
    );
    expect(late.length / outcomes.length).toBeLessThanOrEqual(0.05);
  });
});
