import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callOf, day, hour, minute, start, uniforms } from '../../../test-support/call-stream.js';
import type { ObservedCall } from '../observed-call.js';
import { readAlertRules, RuleMonitor, type AlertRule, type RuleFinding } from './index.js';
import { zScore } from './z-score-rule.js';

function ruleOf(fields: object): AlertRule {
  const { rules, problems } = readAlertRules([{ name: 'mine', ...fields }]);
  expect(problems).toEqual([]);
  return rules[0]!;
}

/** A call that costs so many USD. */
const costing = (cost: number, at: number): ObservedCall => ({ ...callOf({ at }), cost });

function findingsOf(monitor: RuleMonitor, calls: readonly ObservedCall[]): RuleFinding[] {
  return calls.flatMap((call) => monitor.observe(call));
}

describe('a fixed cap', () => {
  it('of a call fires on each call above it', () => {
    const monitor = new RuleMonitor(ruleOf({ rule: 'fixed_cap', limit: 0.05, per: 'call' }));
    expect(findingsOf(monitor, [costing(0.05, start)])).toEqual([]);
    expect(findingsOf(monitor, [costing(0.06, start), costing(0.07, start)])).toHaveLength(2);
  });

  it('of a day fires once, with the call that goes beyond it', () => {
    const monitor = new RuleMonitor(ruleOf({ rule: 'fixed_cap', limit: 1 }));
    // Ten times 0.1 is 1 in whole, whatever floating point makes of it.
    const calls = Array.from({ length: 30 }, (_, index) => costing(0.1, start + index * minute));
    expect(findingsOf(monitor, calls)).toEqual([
      {
        kind: 'rule',
        rule: 'mine',
        metric: 'cost',
        at: start + 10 * minute,
        since: start,
        calls: 11,
        value: expect.closeTo(1.1, 9),
        limit: 1,
        usual: null,
        factor: null,
      },
    ]);
    expect(findingsOf(monitor, [costing(2, start + day)])).toHaveLength(1);
  });

  it('has a limit for each group that is named, and none for others', () => {
    const rule = ruleOf({ rule: 'fixed_cap', by: 'agent', limit: { writer: 1, reader: 5 } });
    const calls = [costing(3, start)];
    expect(findingsOf(new RuleMonitor(rule, 'writer'), calls)).toHaveLength(1);
    expect(findingsOf(new RuleMonitor(rule, 'reader'), calls)).toEqual([]);
    expect(findingsOf(new RuleMonitor(rule, 'toString'), calls)).toEqual([]);
    const others = ruleOf({ rule: 'fixed_cap', limit: { writer: 5, '*': 1 } });
    expect(findingsOf(new RuleMonitor(others, 'anybody'), calls)).toHaveLength(1);
  });
});

describe('rules of a daily budget', () => {
  it('tell 30 % of it in the first two hours of the day, and not later', () => {
    const monitor = new RuleMonitor(ruleOf({ rule: 'pro_rata_day', budget: 10 }));
    expect(findingsOf(monitor, [costing(2.9, start + hour)])).toEqual([]);
    expect(findingsOf(monitor, [costing(0.1, start + 2 * hour)])).toMatchObject([
      { since: start, calls: 2, limit: 3, usual: 10 },
    ]);
    expect(findingsOf(monitor, [costing(5, start + day + 3 * hour)])).toEqual([]);
  });

  it('tell an hour that takes more than its part', () => {
    const rule = ruleOf({ rule: 'pro_rata_hour', budget: 24, times: 2 });
    const monitor = new RuleMonitor(rule);
    expect(findingsOf(monitor, [costing(1.9, start), costing(0.1, start + minute)])).toEqual([]);
    expect(findingsOf(monitor, [costing(0.1, start + 2 * minute)])).toMatchObject([
      { since: start, limit: 2, usual: 1, factor: expect.closeTo(2.1, 6) },
    ]);
  });
});

describe('moving averages', () => {
  const days = [9, 9, 11, 9, 11, 9, 11, 9, 11, 9, 11, 9, 11, 9, 11].map((cost, index) =>
    costing(cost, start + index * day + hour),
  );
  const today = start + 15 * day;

  it('tell a day three deviations above its fortnight as soon as it is', () => {
    const monitor = new RuleMonitor(ruleOf({ rule: 'moving_average' }));
    expect(findingsOf(monitor, days)).toEqual([]);
    expect(findingsOf(monitor, [costing(13, today + hour)])).toEqual([]);
    expect(findingsOf(monitor, [costing(0.1, today + 5 * hour)])).toMatchObject([
      { at: today + 5 * hour, since: today, calls: 2, limit: 13, usual: 10 },
    ]);
    expect(findingsOf(monitor, [costing(50, today + 6 * hour)])).toEqual([]);
  });

  it('count days without calls as days of nothing', () => {
    const monitor = new RuleMonitor(ruleOf({ rule: 'moving_average' }));
    findingsOf(monitor, [costing(9, start), costing(12, start + 3 * day)]);
    // 0, 0 and 12 on the three whole days before.
    expect(findingsOf(monitor, [costing(22, start + 4 * day)])).toMatchObject([{ usual: 4 }]);
  });

  it('take a late call for the day in which it began, and do not judge it', () => {
    const monitor = new RuleMonitor(ruleOf({ rule: 'moving_average' }));
    findingsOf(monitor, [...days, costing(1, today + hour)]);
    expect(findingsOf(monitor, [costing(900, today - hour)])).toEqual([]);
    // Yesterday is part of what is usual: today needs far more now.
    expect(findingsOf(monitor, [costing(100, today + 2 * hour)])).toEqual([]);
  });

  it('tell an hour two deviations above the hours before it', () => {
    const monitor = new RuleMonitor(ruleOf({ rule: 'hourly_average' }));
    const hours = Array.from({ length: 49 }, (_, index) =>
      costing(9 + 2 * (index % 2), start + index * hour),
    );
    expect(findingsOf(monitor, hours)).toEqual([]);
    expect(findingsOf(monitor, [costing(12.1, start + 49 * hour)])).toMatchObject([{ limit: 12 }]);
  });

  it('judge a ratio when its hour has ended, by the next call or by the clock', () => {
    const rule = ruleOf({ rule: 'hourly_average', metric: 'output_per_input' });
    const usual = Array.from({ length: 49 }, (_, index) =>
      callOf({ at: start + index * hour, input: 1_000, output: 90 + 20 * (index % 2) }),
    );
    const chatty = callOf({ at: start + 49 * hour, input: 1_000, output: 500 });
    const end = start + 50 * hour;
    const told = [{ at: end, since: chatty.at, value: 0.5, metric: 'output_per_input' }];

    const byCall = new RuleMonitor(rule);
    expect(findingsOf(byCall, [...usual, chatty])).toEqual([]);
    expect(byCall.observe(callOf({ at: end + minute }))).toMatchObject(told);

    const byClock = new RuleMonitor(rule);
    findingsOf(byClock, [...usual, chatty]);
    expect(byClock.tick(end - 1)).toEqual([]);
    expect(byClock.tick(end)).toMatchObject(told);
    expect(byClock.tick(end + hour)).toEqual([]);
  });
});

describe('rules of the last calls', () => {
  it("tell a z-score of 3.3 where the feature's calls cost 2 cents and one costs 12", () => {
    const monitor = new RuleMonitor(ruleOf({ rule: 'z_score' }));
    const next = uniforms(4);
    const calls = Array.from({ length: 60 }, (_, index) =>
      costing(0.015 + 0.01 * next(), start + index * minute),
    );
    expect(findingsOf(monitor, calls)).toEqual([]);
    expect(findingsOf(monitor, [costing(0.12, start + hour)])).toMatchObject([
      { value: 0.12, usual: expect.closeTo(0.02, 2), calls: 1 },
    ]);
  });

  it('give what the arithmetic over the whole history gives', () => {
    const rule = ruleOf({ rule: 'z_score', window: 20, least: 5 });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 60 }),
        (cents) => {
          const monitor = new RuleMonitor(rule);
          const costs = cents.map((each) => each / 100);
          for (const [index, cost] of costs.entries()) {
            const fires =
              zScore(costs.slice(0, index + 1), { window: 20, threshold: 2, least: 5 })?.fires ??
              false;
            expect(monitor.observe(costing(cost, start))).toHaveLength(fires ? 1 : 0);
          }
        },
      ),
    );
  });

  it('tell three times the median of the calls before', () => {
    const monitor = new RuleMonitor(ruleOf({ rule: 'median', window: 11 }));
    const calls = Array.from({ length: 11 }, (_, index) => costing(0.01 * (index + 1), start));
    expect(findingsOf(monitor, calls)).toEqual([]);
    expect(monitor.observe(costing(0.18, start))).toEqual([]);
    // 0.01 has gone, 0.18 has come: the median is 0.07.
    expect(monitor.observe(costing(0.22, start))).toMatchObject([
      { usual: 0.07, limit: expect.closeTo(0.21, 9) },
    ]);
  });

  it('watch input, output and their ratio apart', () => {
    const fields = { rule: 'z_score', least: 10 };
    const usual = Array.from({ length: 40 }, (_, index) =>
      callOf({ at: start, input: 1_000 + index, output: 100 + (index % 3) }),
    );
    const chatty = callOf({ at: start, input: 1_020, output: 400 });
    const fires = (metric: string) =>
      findingsOf(new RuleMonitor(ruleOf({ ...fields, metric })), [...usual, chatty]).length > 0;
    expect(['input_tokens', 'output_tokens', 'output_per_input'].map(fires)).toEqual([
      false,
      true,
      true,
    ]);
  });
});

const everyRule = [
  { rule: 'fixed_cap', limit: 0.02, per: 'call' },
  { rule: 'fixed_cap', limit: 0.2, per: 'hour' },
  { rule: 'pro_rata_day', budget: 2 },
  { rule: 'pro_rata_hour', budget: 2 },
  { rule: 'moving_average', days: 5, least: 2, sigmas: 0.5 },
  { rule: 'moving_average', days: 5, least: 2, sigmas: 0.5, metric: 'output_per_input' },
  { rule: 'hourly_average', hours: 30, least: 5, sigmas: 1 },
  { rule: 'hourly_average', hours: 30, least: 5, sigmas: 1, metric: 'output_per_input' },
  { rule: 'z_score', window: 30, threshold: 1 },
  { rule: 'median', window: 30, factor: 1.2 },
].map((fields) => ruleOf(fields));

/** Three days of calls every half an hour, some of them late. */
const streams = fc.array(
  fc.record({ late: fc.constantFrom(0, 0, 0, 1, 30), size: fc.integer({ min: 1, max: 400 }) }),
  { minLength: 20, maxLength: 150 },
);
const callsOf = (steps: readonly { late: number; size: number }[]): ObservedCall[] =>
  steps.map(({ late, size }, index) =>
    callOf({ at: start + index * 30 * minute - late * hour, output: size, input: 1_000 }),
  );

describe.each(everyRule)('whatever comes, $rule', (rule) => {
  it('goes on from what was written down as if it had never been away', () => {
    fc.assert(
      fc.property(streams, fc.nat(149), (steps, cut) => {
        const calls = callsOf(steps);
        const whole = new RuleMonitor(rule);
        let parted = new RuleMonitor(rule);
        for (const [index, call] of calls.entries()) {
          if (index === cut % calls.length) {
            parted = new RuleMonitor(rule, '', JSON.parse(JSON.stringify(parted)));
          }
          expect(parted.observe(call)).toEqual(whole.observe(call));
        }
        expect(JSON.stringify(parted)).toBe(JSON.stringify(whole));
      }),
      { numRuns: 30 },
    );
  });

  it('never fires on history, and says nothing of the end of an hour of it', () => {
    fc.assert(
      fc.property(streams, (steps) => {
        const monitor = new RuleMonitor(rule);
        for (const call of callsOf(steps)) expect(monitor.observe(call, false)).toEqual([]);
        expect(monitor.tick(start + 99 * day)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('keeps no more than its window, however many calls there are', () => {
    const monitor = new RuleMonitor(rule);
    let atHalf = 0;
    for (let call = 0; call < 4_000; call++) {
      if (call === 2_000) atHalf = JSON.stringify(monitor).length;
      monitor.observe(callOf({ at: start + call * 7 * minute, output: 1 + (call % 400) }));
    }
    expect(JSON.stringify(monitor).length).toBeLessThan(1.1 * atHalf);
  });

  it('judges again when a clock that was ahead is set back', () => {
    const calls = callsOf(Array.from({ length: 120 }, (_, index) => ({ late: 0, size: index })));
    const monitor = new RuleMonitor(rule);
    const right = new RuleMonitor(rule);
    const ahead = callOf({ at: start + 90 * day });
    // Rules of the last calls count it as one of them.
    const isOfCalls = 'window' in rule || ('per' in rule && rule.per === 'call');
    if (isOfCalls) right.observe(ahead, false, ahead.at);
    monitor.observe(ahead, false, ahead.at);
    for (const call of calls) {
      expect(monitor.observe(call, true, call.at)).toEqual(right.observe(call, true, call.at));
    }
  });

  it('takes a call from the future as of now', () => {
    const monitor = new RuleMonitor(rule);
    monitor.observe(callOf({ at: start + 9_999 * day }), true, start);
    expect(JSON.stringify(monitor)).not.toContain(String(Math.floor((start + 9_999 * day) / day)));
  });
});
