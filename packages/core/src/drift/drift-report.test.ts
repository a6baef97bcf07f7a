import { describe, expect, test } from 'vitest';
import type { Query, QueryResult, QueryRow } from '../report/query.js';
import { buildDrift } from './drift-report.js';

const window = { from: '2026-03-08T00:00:00.000Z', to: '2026-03-15T00:00:00.000Z' };
const from = Date.parse(window.from);

interface Calls {
  feature: string;
  hour: number;
  minute?: number;
  calls: number;
  /** Actual ÷ estimated, of tokens; each input token costs 1 µ$, each output token 10. */
  input?: number;
  output?: number;
  /** What the price is of what was expected. */
  price?: number;
}

/** Answers queries as a store would that holds these calls. */
function storeOf(all: readonly Calls[], p95: Partial<Record<string, [string, string]>> = {}) {
  const asked: Query[] = [];
  const ask = async (query: Query): Promise<QueryResult> => {
    asked.push(query);
    const groups = new Map<string, Calls[]>();
    for (const calls of all) {
      const wanted = query.filters?.every(({ values }) => values.includes(calls.feature)) ?? true;
      if (!wanted) continue;
      const minute = query.bucket === 'minute' ? (calls.minute ?? 0) : 0;
      const time = new Date(from + calls.hour * 3_600_000 + minute * 60_000).toISOString();
      const key = JSON.stringify([calls.feature, query.bucket === undefined ? '' : time]);
      groups.set(key, [...(groups.get(key) ?? []), calls]);
    }
    const rows = [...groups].map(([key, members]) => {
      const [feature = '', bucket = ''] = JSON.parse(key) as string[];
      const before = query.window?.from !== window.from;
      return {
        ...sums(members),
        feature,
        bucket,
        cost_p95: p95[feature]?.[before ? 0 : 1] ?? null,
      };
    });
    return { rows, truncated: false, from: 'rollup' };
  };
  return { ask, asked };
}

function sums(members: readonly Calls[]): QueryRow {
  let calls = 0;
  let input = 0;
  let output = 0;
  let microdollars = 0;
  for (const member of members) {
    calls += member.calls;
    input += 1_000 * member.calls * (member.input ?? 1);
    output += 100 * member.calls * (member.output ?? 1);
    microdollars +=
      member.calls *
      (1_000 * (member.input ?? 1) + 1_000 * (member.output ?? 1)) *
      (member.price ?? 1);
  }
  return {
    calls,
    estimated_calls: calls,
    compared_calls: calls,
    drifted_calls: 0,
    unpriced_calls: 0,
    errors: 0,
    estimated_tokens_input: 1_000 * calls,
    compared_tokens_input: Math.round(input),
    estimated_tokens_output: 100 * calls,
    compared_tokens_output: Math.round(output),
    estimated_cost: (calls * 0.002).toFixed(6),
    compared_cost: (microdollars / 1e6).toFixed(6),
  };
}

/** Hours that differ a little, as hours do. */
const week = (feature: string, of: Partial<Calls> | ((hour: number) => Partial<Calls>)) =>
  Array.from({ length: 168 }, (_, hour): Calls => {
    const { input = 1, output = 1, ...rest } = typeof of === 'function' ? of(hour) : of;
    const wobble = 1 + ((hour * 37) % 11) / 100 - 0.05;
    return { feature, hour, calls: 20, input: input * wobble, output: output * wobble, ...rest };
  });

const report = (calls: readonly Calls[], p95?: Parameters<typeof storeOf>[1]) =>
  buildDrift(storeOf(calls, p95).ask, { by: ['feature'], window });

describe('the report of drift', () => {
  test('finds features whose answers are longer than expected, with direction, size and since when', async () => {
    const { rows } = await report([
      ...week('search', {}),
      ...week('chat', (hour) => ({ output: hour < 96 ? 1 : 2 })),
    ]);
    expect(rows.map(({ group, verdict }) => [group['feature'], verdict])).toEqual([
      ['chat', 'biased'],
      ['search', 'fair'],
    ]);
    expect(rows[0]).toMatchObject({
      causes: ['output_tokens'],
      cost: { verdict: 'too_low', since: '2026-03-12T00:00:00.000Z', since_start: false },
      output: { verdict: 'too_low' },
      input: { verdict: 'fair' },
    });
    expect(rows[0]!.output.ratio).toBeCloseTo(1.43, 1);
    expect(rows[0]!.summary).toMatch(
      /^Estimates of cost are too low: calls took 1\.2\d times what was expected since 2026-03-12 00:00 UTC, because answers are longer\.$/,
    );
    expect(rows[1]!.summary).toBe('Estimates are fair.');
  });

  test('blames the price where the tokens came as expected', async () => {
    const { rows } = await report(week('cached', { price: 0.5 }));
    expect(rows[0]).toMatchObject({
      verdict: 'biased',
      causes: ['price'],
      cost: { verdict: 'too_high', since_start: true },
      output: { verdict: 'fair' },
    });
    expect(rows[0]!.summary).toMatch(
      /too high.* since the first of these calls, because the price per token/,
    );
  });

  test('does not judge a feature with five calls', async () => {
    const few = [0, 1, 2, 3, 4].map((hour) => ({ feature: 'new', hour, calls: 1, output: 9 }));
    const { rows } = await report(few);
    expect(rows[0]).toMatchObject({ verdict: 'not_judged', causes: [] });
    expect(rows[0]!.summary).toMatch(/^Not judged: 5 calls; it takes 30/);
  });

  test('judges calls of one hour by its minutes', async () => {
    const burst = Array.from({ length: 30 }, (_, minute) => ({
      feature: 'burst',
      hour: 160,
      minute,
      calls: 10,
      output: 3 + (minute % 3) / 10,
    }));
    const { ask, asked } = storeOf([...burst, ...week('search', {})]);
    const { rows } = await buildDrift(ask, { by: ['feature'], window });
    expect(rows[0]).toMatchObject({ group: { feature: 'burst' }, verdict: 'biased' });
    const minutes = asked.filter(({ bucket }) => bucket === 'minute');
    expect(minutes).toHaveLength(1);
    expect(minutes[0]!.filters).toEqual([{ dimension: 'feature', op: 'in', values: ['burst'] }]);
  });

  test('tells of a P95 that moved by more than 30 %', async () => {
    const { rows } = await report([...week('up', {}), ...week('same', {})], {
      up: ['0.01', '0.014'],
      same: ['0.01', '0.0129'],
    });
    expect(rows[0]).toMatchObject({
      group: { feature: 'up' },
      verdict: 'fair',
      p95: { usd: '0.014', before_usd: '0.01', change: 0.4, exceeds: true },
    });
    expect(rows[0]!.summary).toMatch(/P95 cost went up by 40 % against the period before\.$/);
    expect(rows[1]!.p95).toMatchObject({ change: 0.29, exceeds: false });
  });

  test('a P95 of few calls is shown and not judged', async () => {
    const { rows } = await report([{ feature: 'few', hour: 1, calls: 99 }], {
      few: ['0.01', '0.05'],
    });
    expect(rows[0]!.p95).toEqual({
      usd: '0.05',
      before_usd: '0.01',
      change: null,
      exceeds: false,
    });
  });

  test('passes the threshold on, and judges long windows by days', async () => {
    const { ask, asked } = storeOf([]);
    const long = { from: '2026-01-01T00:00:00.000Z', to: window.to };
    const { bucket } = await buildDrift(ask, { by: [], window: long, threshold: 0.5 });
    expect(bucket).toBe('day');
    const [single] = asked.filter(({ measures }) => measures.includes('drifted_calls'));
    expect(single).toMatchObject({ drift_threshold: 0.5 });
  });
});
