import { describe, expect, it } from 'vitest';
import type { AlertRule } from '../detect/index.js';
import { describeMoney } from '../explain/describe-money.js';
import { parseUsd } from '../money.js';
import { usualModes } from './severity.js';
import { callAt, noon, outputOf, type CallShape } from './traffic.fixture.js';
import { Watch, type WatchSettings } from './watch.js';
import { watching } from './watching.fixture.js';

const minute = 60_000;
const hour = 60 * minute;

const usual = (index: number): CallShape => ({ output: outputOf(index, 400) });
const doubled = (index: number): CallShape => ({ output: outputOf(index, 850), template: 'v7' });

describe('incidents of a stream of calls', () => {
  it('usual traffic makes none', () => {
    const stream = watching();
    expect(stream.call(usual, 1_000).updates).toEqual([]);
    expect(stream.pass(hour)).toEqual([]);
  });

  it('a lasting rise of output is one page, with size, likely change and a sentence of all that', () => {
    const stream = watching();
    const { updates, calls } = stream.call(doubled, 100, 'opened');
    const { incident } = updates.at(-1)!;
    expect(calls).toBeLessThanOrEqual(37);
    expect(incident).toMatchObject({
      severity: 'page',
      state: 'open',
      group: { feature: 'search' },
      since: expect.stringMatching(/^2026-03-10T12:0/),
      change: { dimension: 'template_version', from: 'v6', to: 'v7', share: 1 },
    });
    stream.call(doubled, 200);
    const all = stream.watch.book.incidents;
    expect(all).toHaveLength(1);
    const [now] = all;
    expect(new Set(now!.findings.map(({ cause }) => cause)).size).toBeGreaterThan(1);
    expect(now!.summary).toMatch(
      /^search: Output per call is \d\.\d times what it was \(\d+ → \d+ tokens\) since 12:0\d UTC\. .* an hour above normal: \$[\d.,]+ so far, \$[\d.,]+ by midnight.*Template version v7 began at 12:00 UTC and has 100 % of the calls since \(before: v6\)/,
    );
    expect(now!.examples).toHaveLength(5);
    expect(Number(now!.size!.above_usd)).toBeGreaterThan(0);
  });

  it('what it costs above normal is exact: as many calls at what a call cost before', () => {
    const even = () => ({ output: 400 });
    const stream = watching({}, [even]);
    stream.call(() => ({ output: 800 }), 40);
    const [incident] = stream.watch.book.incidents;
    stream.watch.tick(stream.now);
    // A call took 1,000 × $1.25 + 400 × $10 per million before: $0.00525, and $0.00925 since.
    expect(incident!.calls).toBe(40);
    expect(incident!.size!.above_usd).toBe('0.16');
    const { now_usd_per_hour: now, normal_usd_per_hour: normal } = incident!.size!;
    expect(Number(now) / Number(normal)).toBeCloseTo(9.25 / 5.25, 6);
  });

  it('more calls alone are no page', () => {
    const stream = watching();
    const { updates } = stream.call(usual, 1_000);
    stream.pass(2 * hour);
    expect(updates.filter(({ incident }) => incident.severity === 'page')).toEqual([]);
  });

  it('is resolved by itself when calls have been as before, and reopened when it comes back within a day', () => {
    const stream = watching();
    const { updates } = stream.call(doubled, 100, 'opened');
    const { id } = updates.at(-1)!.incident;
    stream.call(usual, 700);
    expect(stream.pass(hour)).toContainEqual(
      expect.objectContaining({
        what: 'resolved',
        incident: expect.objectContaining({ id, state: 'resolved' }),
      }),
    );
    const { updates: later } = stream.call(doubled, 200, 'reopened');
    const again = later.find(({ what }) => what === 'reopened');
    expect(again!.incident).toMatchObject({ id, state: 'open' });
  });

  it('one that somebody resolved while it goes on is not reopened, before it is over or much worse', () => {
    const stream = watching();
    const { updates } = stream.call(doubled, 100, 'opened');
    const { id } = updates.at(-1)!.incident;
    stream.watch.book.resolve(id, 'ada', 'it is meant', stream.now);
    expect(stream.call(doubled, 300).updates).toEqual([]);
    const worse = stream.call((index) => ({ output: outputOf(index, 4_000) }), 100, 'reopened');
    expect(worse.updates.find(({ what }) => what === 'reopened')!.incident.id).toBe(id);
  });

  it('a new price of a model in many groups is one incident', () => {
    const shapes = Array.from({ length: 4 }, (_, group) => (index: number) => ({
      feature: `feature-${group}`,
      output: outputOf(index, 400),
    }));
    const stream = watching({}, shapes);
    const dearer = (index: number) => ({ ...shapes[index % 4]!(index >> 2), rate: 30 });
    stream.call(dearer, 400);
    const incidents = stream.watch.book.incidents.filter(({ state }) => state === 'open');
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({
      cause: 'unit_price',
      group: { model: 'gpt-5' },
      title: expect.stringMatching(
        /^model gpt-5: the price per token is 3\.0 times .* in 4 groups$/,
      ),
      change: { dimension: 'price' },
    });
  });

  it('a run that runs away is an incident of its own, and is over when the run has ended', () => {
    const runs = (index: number): CallShape => ({ run: `run-${Math.floor(index / 6)}` });
    const stream = watching({}, [runs]);
    const { updates } = stream.call(() => ({ run: 'loop' }), 200, 'opened');
    expect(updates.at(-1)!.incident).toMatchObject({
      cause: 'run',
      run: 'loop',
      severity: 'page',
      size: { above_usd: expect.any(String) },
    });
    stream.call(() => ({ run: 'loop' }), 50);
    stream.watch.tick(stream.now);
    expect(stream.watch.book.incidents[0]!.calls).toBeGreaterThan(50);
    expect(stream.pass(hour).map(({ what }) => what)).toContain('resolved');
  });

  it('title, summary and figures of a run agree at every refresh, and nothing is projected once it is silent or over', () => {
    const runs = (index: number): CallShape => ({ run: `run-${Math.floor(index / 6)}` });
    const stream = watching({}, [runs]);
    const looping = () => ({ run: 'loop' });
    stream.call(looping, 200, 'opened');
    stream.call(looping, 13);
    const { book } = stream.watch;
    stream.watch.tick(stream.now);
    const told = () => {
      const { title, summary, calls, size } = book.incidents.find(({ run }) => run === 'loop')!;
      const cost = describeMoney(parseUsd(size!.above_usd));
      const taken = `${calls} calls for ${cost}`;
      expect(title).toBe(`search: run loop runs away: ${taken}`);
      expect(summary).toContain(`Run loop has made ${taken} since`);
      expect(summary).toMatch(/run of it ever|again and again|faster than/);
      return { summary, size: size! };
    };
    const going = told();
    expect(going.summary).toMatch(
      /\$[\d.]+ an hour above normal: \$[\d.]+ so far, \$[\d.]+ by midnight \(UTC\), should it run for as long again\./,
    );
    stream.pass(10 * minute);
    const silent = told();
    expect(silent.summary).toMatch(/its last call was at 12:\d\d UTC\./);
    expect(silent.summary).not.toMatch(/an hour|midnight/);
    expect(silent.size).toMatchObject({ above_usd_per_hour: '0' });
    expect(stream.pass(hour).map(({ what }) => what)).toContain('resolved');
    const over = told();
    expect(over.summary).toBe(silent.summary);
    expect(over.size).toMatchObject({ above_usd_per_hour: '0' });
  });

  it('of what is resolved nothing is projected', () => {
    const stream = watching();
    const { updates } = stream.call(doubled, 100, 'opened');
    const { incident } = stream.watch.book.resolve(
      updates.at(-1)!.incident.id,
      'ada',
      undefined,
      stream.now,
    );
    const { size } = incident;
    expect(size).toMatchObject({
      above_usd_per_hour: '0',
      now_usd_per_hour: size!.normal_usd_per_hour,
      by_midnight_usd: size!.above_usd,
      by_month_end_usd: size!.above_usd,
    });
    expect(Number(size!.above_usd)).toBeGreaterThan(0);
    expect(incident.summary).toMatch(/\$[\d.]+ above normal in all\./);
    expect(incident.summary).not.toMatch(/should it go on/);
  });

  it('a single dear call is recorded, and nobody is told', () => {
    const stream = watching();
    const { updates } = stream.call((index) => ({ output: index === 3 ? 60_000 : 400 }), 30);
    const opened = updates.filter(({ what }) => what === 'opened');
    expect(opened.map(({ incident }) => [incident.cause, incident.severity])).toEqual([
      ['outlier', 'record'],
    ]);
    expect(opened[0]!.incident.examples).toHaveLength(1);
  });

  it('rules fire for their own groups, as they are configured', () => {
    const rule: AlertRule = {
      name: 'dear-call',
      rule: 'fixed_cap',
      mode: 'page',
      by: 'feature',
      metric: 'cost',
      limit: 0.05,
      per: 'call',
    };
    const stream = watching({ rules: [rule] });
    const { updates } = stream.call(() => ({ output: 8_000 }), 1, 'opened');
    const ruled = updates.find(({ incident }) => incident.cause === 'rule');
    expect(ruled!.incident).toMatchObject({
      severity: 'page',
      group: { feature: 'search' },
      findings: [{ cause: 'rule', rule: 'dear-call' }],
    });
  });

  it('causes that are off are not told, and history never is', () => {
    const off = Object.fromEntries(Object.keys(usualModes).map((cause) => [cause, 'off']));
    const stream = watching({ modes: off as WatchSettings['modes'] });
    expect(stream.call(doubled, 200).updates).toEqual([]);
    const learning = watching();
    for (let index = 0; index < 300; index++) {
      const at = noon + index * 6_000;
      expect(learning.watch.observe(callAt(at, doubled(index)), false, at)).toEqual([]);
    }
  });

  it('history that ends days ago makes nobody silent', () => {
    const stream = watching();
    expect(stream.pass(3 * 24 * hour)).toEqual([]);
    expect(stream.call(usual, 1).updates).toEqual([]);
  });

  it('goes on from its state as if it had never been away', () => {
    const named = (index: number) => ({ ...doubled(index), id: `call-${index}` });
    const whole = watching();
    const halved = watching();
    whole.call(named, 20);
    halved.call(named, 20);
    const state = JSON.parse(JSON.stringify(halved.watch.toJSON()));
    const next = new Watch({ modes: usualModes, rules: [] }, state);
    for (const [key, group] of halved.watch.groups) {
      next.restoreGroup(key, JSON.parse(JSON.stringify(group)));
    }
    const rest = (watch: Watch) => {
      for (let index = 20; index < 120; index++) {
        const at = noon + (index + 1) * 6_000;
        watch.observe(callAt(at, named(index)), true, at);
      }
      watch.tick(noon + hour);
      return watch.book.incidents;
    };
    expect(rest(next)).toEqual(rest(whole.watch));
  });

  it('a clock that had run a year ahead silences nothing when it is right again', () => {
    const stream = watching();
    const ahead = noon + 365 * 24 * hour;
    stream.watch.observe(callAt(ahead, usual(0)), true, ahead);
    const { updates } = stream.call(doubled, 100, 'opened');
    expect(updates.at(-1)!.incident.cause).not.toBe('volume');
  });
});
