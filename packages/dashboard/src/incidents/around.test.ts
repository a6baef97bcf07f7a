import type { QueryRow } from '@farthing/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { someIncident } from '../../test-support/some-incident.js';
import { normalLevel, quantitiesOf } from './around-quantity.js';
import { farOf, nearOf, stepsOf } from './around.js';

const minute = 60_000;
const hour = 60 * minute;
const at = (time: string) => Date.parse(`2026-11-23T${time}:00.000Z`);
const iso = (time: number) => new Date(time).toISOString();
const clocks = (span: { from: number; to: number }) =>
  [span.from, span.to].map((time) => iso(time).slice(11, 16));

describe('the time around a beginning', () => {
  it('has two hours before it where it has only just begun, in steps of five minutes', () => {
    const around = nearOf({ since: iso(at('10:02')), resolved_at: null }, at('10:31'));
    expect(clocks(around)).toEqual(['08:00', '10:31']);
    expect([around.step, around.bucket]).toEqual([5 * minute, 'minute']);
  });

  it('has as much before as after, in hours where that is long', () => {
    const around = nearOf({ since: iso(at('00:00') - 36 * hour), resolved_at: null }, at('00:00'));
    expect((around.to - around.from) / hour).toBe(72);
    expect(around.bucket).toBe('hour');
  });

  it('stays at the beginning of what lasts for weeks, and ends soon after what is over', () => {
    const since = at('10:00') - 500 * hour;
    const long = nearOf({ since: iso(since), resolved_at: null }, at('10:00'));
    expect([since - long.from, long.to - since]).toEqual([48 * hour, 48 * hour]);
    const over = nearOf({ since: iso(since), resolved_at: iso(since + hour) }, at('10:00'));
    expect([since - over.from, over.to - since]).toEqual([2 * hour, 2 * hour]);
  });

  it('cuts every span into at most a hundred steps that hold each row once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 90 * 24 * 60 }),
        fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 }),
        (age, minutes) => {
          const now = at('12:00');
          const around = nearOf({ since: iso(now - age * minute), resolved_at: null }, now);
          const rows = minutes
            .map((after) => around.from + after * minute)
            .filter((time) => time < around.to)
            .map((time): QueryRow => ({ bucket: iso(time), calls: 1 }));
          const steps = stepsOf(around, rows, now - age * minute);
          expect(steps.length).toBeLessThanOrEqual(100);
          const end = steps.at(-1)!.at + steps.at(-1)!.length;
          const within = rows.filter((row) => Date.parse(String(row['bucket'])) < end);
          expect(steps.flatMap((step) => step.rows)).toHaveLength(within.length);
        },
      ),
    );
  });

  it('reaches two days back where it is asked to', () => {
    const since = at('10:02');
    const { from, step } = farOf({ since: iso(since), resolved_at: null }, at('10:03'));
    expect([Math.floor((since - from) / hour), step / hour]).toEqual([48, 1]);
  });

  it('leaves out a last step that has only just begun, unless there is little else to see', () => {
    const around = {
      from: at('10:00'),
      to: at('10:31'),
      step: 10 * minute,
      bucket: 'minute',
    } as const;
    const lengths = (to: number, began: number) =>
      stepsOf({ ...around, to }, [], began).map(({ length }) => length / minute);
    expect(lengths(at('10:31'), at('10:05'))).toEqual([10, 10, 10]);
    expect(lengths(at('10:33'), at('10:05'))).toEqual([10, 10, 10, 3]);
    expect(lengths(at('10:31'), at('10:29'))).toEqual([10, 10, 10, 1]);
  });
});

describe('what is shown of each step', () => {
  it('states spend by the hour, exactly', () => {
    const spend = quantitiesOf('run')[0]!;
    const rows: QueryRow[] = [{ cost: '0.100000000001' }, { cost: '0.2' }];
    expect(spend.amount(rows, 5 * minute)!.text).toBe('$3.60 an hour');
    expect(spend.amount([], 5 * minute)!.height).toBe(0);
  });

  it('has the cause’s own quantity first, as a ratio of sums, and nothing where nothing was called', () => {
    const [output, ...others] = quantitiesOf('output');
    const rows: QueryRow[] = [
      { tokens_output: 100, calls: 1 },
      { tokens_output: 1_100, calls: 3 },
    ];
    expect(output!.amount(rows, hour)).toEqual({ height: 300, text: '300 tokens a call' });
    expect(output!.amount([], hour)).toBeNull();
    expect(others.map(({ label }) => label)).toEqual(['Spend per hour', 'Calls per hour']);
  });

  it('shows how much of the input no cache had, for less of it is worse', () => {
    const [cache] = quantitiesOf('cache');
    const rows: QueryRow[] = [{ tokens_input: 1_000, tokens_cache_read: 750 }];
    expect(cache!.amount(rows, hour)).toEqual({ height: 0.25, text: '25% of input' });
  });

  it('takes the normal level of spend from the incident, and of all else from before it began', () => {
    const incident = someIncident({});
    const began = Date.parse(incident.since);
    const step = (from: number, calls: number) => ({
      at: from,
      length: hour,
      rows: [{ cost: '9', tokens_output: calls * 10, calls }],
    });
    const steps = [step(began - 2 * hour, 10), step(began - hour, 30), step(began, 900)];
    const [output, spend, calls] = quantitiesOf('output');
    expect(normalLevel(spend!, incident, steps)!.text).toBe('$0.40 an hour');
    expect(normalLevel(spend!, { ...incident, run: 'r' }, steps)!.text).toBe('$9.00 an hour');
    expect(normalLevel(output!, incident, steps)!.text).toBe('10 tokens a call');
    expect(normalLevel(calls!, incident, steps)!.text).toBe('20 calls an hour');
    expect(normalLevel(calls!, incident, steps.slice(2))).toBeNull();
  });
});
