import { describe, expect, it } from 'vitest';
import { parseUsd } from '../money.js';
import { usualModes } from './severity.js';
import { callAt, entryAt, noon, type CallShape } from './traffic.fixture.js';
import { watchedCall } from './watched-call.js';
import { Watch, type WatchSettings } from './watch.js';

const settings = (changes: Partial<WatchSettings> = {}): WatchSettings => ({
  modes: usualModes,
  rules: [],
  leastPage: parseUsd('1.00'),
  runCeilings: (feature) => (feature === 'research' ? { calls: 3 } : {}),
  ...changes,
});

/** What becomes of so many calls of one run, six seconds apart. */
function called(watch: Watch, count: number, shape: CallShape = {}, from = noon) {
  return Array.from({ length: count }, (_, index) => from + index * 6_000).flatMap((at) =>
    watch.observe(callAt(at, { feature: 'research', run: 'r_1', ...shape }), true, at),
  );
}

describe('a run beyond a limit that somebody has set', () => {
  it('pages once whatever it costs, and the limit is named', () => {
    const updates = called(new Watch(settings()), 6);
    expect(updates).toMatchObject([{ what: 'opened' }]);
    expect(updates[0]!.incident).toMatchObject({
      cause: 'run',
      run: 'r_1',
      severity: 'page',
      below_least_page: null,
      calls: 4,
      summary: expect.stringContaining(
        'That is beyond the limit of 3 calls that is configured for it (run_guard, limits.calls).',
      ),
    });
    expect(Number(updates[0]!.incident.size!.above_usd)).toBeLessThan(0.1);
  });

  it.each([
    [{ cost: 0.01 }, 'the limit of $0.01 that is configured for it (run_guard, limits.cost_usd)'],
    [{ velocity: 0.01 }, 'the limit of $0.01 a minute that is configured for it'],
    [{ depth: 1 }, 'the limit of 1 level deep that is configured for it (run_guard, limits.depth)'],
  ])('is told by the measure that it is: %j', (ceilings, text) => {
    const watch = new Watch(settings({ runCeilings: () => ceilings }));
    const [opened] = called(watch, 6, { tags: { custom: { depth: '2' } } });
    expect(opened!.incident.summary.replaceAll('$0.0100', '$0.01')).toContain(text);
  });

  it('is told as its cause is: a record, or not at all', () => {
    const modes = (run: 'record' | 'off') => settings({ modes: { ...usualModes, run } });
    const [recorded] = called(new Watch(modes('record')), 6);
    expect(recorded!.incident.severity).toBe('record');
    expect(called(new Watch(modes('off')), 6)).toEqual([]);
  });

  it('is its own feature’s, its agent’s where it has no feature, and nothing of others', () => {
    const watch = new Watch(settings());
    const agent = { feature: null, tags: { agent: 'research' } };
    expect(called(watch, 6, agent)).toMatchObject([{ incident: { group: { agent: 'research' } } }]);
    expect(called(watch, 6, { feature: 'search' })).toEqual([]);
  });

  it('is not one that an outage kept calling', () => {
    const watch = new Watch(settings());
    for (let index = 0; index < 9; index++) {
      const at = noon + index * 6_000;
      const entry = entryAt(at, { feature: 'research', run: 'r_1' });
      const unbilled = { ...entry.cost, usd: '0', status: 'not_billed' as const };
      expect(watch.observe(watchedCall({ ...entry, cost: unbilled })!, true, at)).toEqual([]);
    }
    expect(called(watch, 3, {}, noon + 60_000)).toEqual([]);
  });
});

describe('limits that were changed', () => {
  /** The same watch after a restart with other limits. */
  function restarted(watch: Watch, runCeilings: NonNullable<WatchSettings['runCeilings']>): Watch {
    const next = new Watch(settings({ runCeilings }), JSON.parse(JSON.stringify(watch)));
    for (const [key, group] of watch.groups) {
      next.restoreGroup(key, JSON.parse(JSON.stringify(group)));
    }
    return next;
  }
  const later = noon + 60_000;

  it('hold after a restart, for runs that are under way too', () => {
    const watch = new Watch(settings({ runCeilings: () => ({}) }));
    expect(called(watch, 5)).toEqual([]);
    const next = restarted(watch, () => ({ calls: 5 }));
    expect(called(next, 3, {}, later)).toMatchObject([
      { incident: { severity: 'page', calls: 6 } },
    ]);
  });

  it('that were taken away no longer hold, and a run is told once all the same', () => {
    const watch = new Watch(settings());
    called(watch, 3);
    expect(
      called(
        restarted(watch, () => ({})),
        3,
        {},
        later,
      ),
    ).toEqual([]);
    called(watch, 1, {}, later);
    const told = called(
      restarted(watch, () => ({ calls: 2 })),
      3,
      {},
      later + 60_000,
    );
    expect(told).toEqual([]);
  });
});

it('a run that was a record, as unlike others and small, pages when it goes beyond a limit', () => {
  const watch = new Watch(settings({ runCeilings: () => ({ calls: 12 }) }));
  const updates = Array.from({ length: 14 }, (_, index) => noon + index * 6_000).flatMap((at) => {
    const entry = entryAt(at, { feature: 'research', run: 'r_1', rate: 0.01 });
    return watch
      .observe(watchedCall({ ...entry, repeats: 1 })!, true, at)
      .map(({ what, incident }) => [what, incident.severity]);
  });
  expect(updates).toEqual([
    ['opened', 'record'],
    ['opened', 'page'],
  ]);
});
