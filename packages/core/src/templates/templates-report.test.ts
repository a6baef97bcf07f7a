import { describe, expect, it } from 'vitest';
import type { Query, QueryResult, QueryRow } from '../report/query.js';
import { Dice } from '../explain/simulated-ledger.fixture.js';
import { buildTemplates, type TemplatesReport, type TemplatesRequest } from './templates-report.js';

const start = Date.UTC(2026, 10, 9);
const hourLength = 3_600_000;
const at = (hour: number) => new Date(start + hour * hourLength).toISOString();
const secondWeek = { from: at(168), to: at(336) };

interface Use {
  feature?: string | null;
  template: string | null;
  from: number;
  to: number;
  callsPerHour?: number;
  input?: number;
  output?: number;
  errors?: number;
  status?: string;
}

/** Hours of calls as a store sums them; lengths vary from hour to hour, the same each time. */
function uses(...all: Use[]): QueryRow[] {
  const dice = new Dice(7);
  return all.flatMap((use) => {
    const { feature = 'search', template, callsPerHour = 20, errors = 0, status = 'priced' } = use;
    return Array.from({ length: use.to - use.from }, (_, index): QueryRow => {
      const calls = Math.max(1, Math.round(callsPerHour * dice.noise(0.2)));
      const input = Math.round(calls * (use.input ?? 1_000) * dice.noise(0.1));
      const output = Math.round(calls * (use.output ?? 200) * dice.noise(0.15));
      const isPriced = status === 'priced';
      return {
        bucket: at(use.from + index),
        feature,
        template_version: template,
        cost_status: status,
        calls,
        errors: Math.round(calls * errors),
        unpriced_calls: isPriced ? 0 : calls,
        cost: isPriced ? `0.${String(input * 3 + output * 15).padStart(6, '0')}` : null,
        tokens_input: input,
        tokens_cache_read: Math.round(input / 2),
        tokens_output: output,
      };
    });
  });
}

/** Answers the questions of the report; the rows of a day stay apart, which sums do not mind. */
function books(rows: QueryRow[], runs: QueryRow[] = []) {
  return async ({ measures, window, bucket, filters = [] }: Query): Promise<QueryResult> => {
    const feature = filters.find(({ dimension }) => dimension === 'feature')?.values;
    const asked = measures[0] === 'runs' ? runs : rows;
    const found = asked.filter((row) => {
      const time = row['bucket'] ?? window!.from;
      const isIn = feature === undefined || feature.includes(row['feature'] as string | null);
      return isIn && time >= window!.from && time < window!.to;
    });
    const told =
      bucket === 'day'
        ? found.map((row) => ({
            ...row,
            bucket: `${String(row['bucket']).slice(0, 10)}T00:00:00.000Z`,
          }))
        : found;
    return { rows: told, truncated: false, from: 'rollup' };
  };
}

const ask = (rows: QueryRow[], request: Partial<TemplatesRequest> = {}): Promise<TemplatesReport> =>
  buildTemplates(books(rows), { window: secondWeek, ...request });

describe('each template version against the one before it', () => {
  const doubled = uses(
    { template: 'v6', from: 0, to: 200 },
    { template: 'v7', from: 200, to: 336, output: 420 },
    { feature: 'chat', template: 'v1', from: 0, to: 336 },
  );

  it('names the change that doubled output tokens, when, and what it cost, in a sentence', async () => {
    const { summary, rows } = await ask(doubled, { order: 'output' });
    const [first] = rows;
    expect(first).toMatchObject({
      feature: 'search',
      template_version: 'v7',
      previous_version: 'v6',
      is_change: true,
      switch: {
        first_call_at: at(200),
        took_over_at: at(200),
        overlap_until: null,
        overlap_calls: 0,
      },
    });
    expect(first!.quantities.output_tokens_per_call).toMatchObject({ verdict: 'more' });
    expect(first!.quantities.output_tokens_per_call.ratio).toBeCloseTo(2.1, 1);
    expect(first!.quantities.input_tokens_per_call).toMatchObject({ verdict: 'same' });
    expect(summary).toBe(first!.summary);
    expect(summary).toMatch(
      /^`search` went from v6 to v7 on 17 Nov 08:00 UTC: 2\.\d × the output tokens \(\d+ → \d+\), cost per call \+\d+ % \(\$0\.\d+ → \$0\.\d+\); its calls in this window cost \$\d+\.\d+ more for it\.$/,
    );
  });

  it('what it cost is its calls × the difference per call', async () => {
    const { rows } = await ask(doubled);
    const { quantities, calls, extra_usd: extra } = rows[0]!;
    const { before, after } = quantities.cost_per_call;
    expect(Number(extra)).toBeCloseTo(calls * (after! - before!), 3);
  });

  it('versions that were there already come last, and are compared with nothing', async () => {
    const { rows } = await ask(doubled);
    const chat = rows.find(({ feature }) => feature === 'chat')!;
    expect(chat).not.toHaveProperty('previous_version');
    expect(chat.is_change).toBe(false);
    expect(chat.summary).toContain('no earlier version here');
    expect(rows.at(0)!.is_change).toBe(true);
  });

  it('the same thing again is no change: of 200 versions of the same lengths, one in a thousand figures is called different', async () => {
    const rows = uses(
      ...Array.from({ length: 200 }, (_, index): Use[] => [
        { feature: `f${index}`, template: 'v1', from: 100, to: 200 },
        { feature: `f${index}`, template: 'v2', from: 200, to: 300 },
      ]).flat(),
    );
    const report = await ask(rows, { limit: 1_000 });
    const judged = report.rows.flatMap((row) => Object.values(row.quantities));
    expect(judged.filter(({ verdict }) => verdict === 'same').length).toBeGreaterThan(500);
    const called = judged.filter(({ verdict }) => verdict === 'more' || verdict === 'less');
    expect(called.length).toBeLessThan(4);
  });

  it('a handful of calls is not judged, and says so', async () => {
    const report = await ask(
      uses(
        { template: 'v1', from: 0, to: 200 },
        { template: 'v2', from: 200, to: 203, callsPerHour: 2, output: 900 },
      ),
    );
    const version = report.rows.find(({ template_version: name }) => name === 'v2')!;
    expect(version.quantities.output_tokens_per_call.verdict).toBe('not_judged');
    expect(version.summary).toContain('too few calls to tell what changed');
  });

  it('an overlap is told, and when one had more than half of the calls', async () => {
    const { rows } = await ask(
      uses(
        { template: 'v1', from: 0, to: 260 },
        { template: 'v2', from: 200, to: 240, callsPerHour: 2 },
        { template: 'v2', from: 240, to: 336, callsPerHour: 60 },
      ),
    );
    const found = rows.find(({ template_version: name }) => name === 'v2')!.switch!;
    expect(found).toMatchObject({
      first_call_at: at(200),
      took_over_at: at(240),
      overlap_until: at(259),
    });
    expect(found.overlap_calls).toBeGreaterThan(1_000);
  });

  it('a short trial in between is not what the next version is compared with', async () => {
    const { rows } = await ask(
      uses(
        { template: 'v1', from: 0, to: 220 },
        { template: 'trial', from: 100, to: 104, callsPerHour: 2 },
        { template: 'v2', from: 220, to: 336 },
      ),
    );
    expect(rows.find(({ template_version: name }) => name === 'v2')!.previous_version).toBe('v1');
  });

  it('a version that was tried before the window and took over in it is a change of the window', async () => {
    const { rows } = await ask(
      uses(
        { template: 'v1', from: 0, to: 250 },
        { template: 'v2', from: 150, to: 250, callsPerHour: 1 },
        { template: 'v2', from: 250, to: 336 },
      ),
    );
    expect(rows[0]).toMatchObject({ template_version: 'v2', is_change: true });
  });

  it('calls that name no version are named as such, and can be what came before', async () => {
    const { rows, notes } = await ask(
      uses({ template: null, from: 0, to: 240 }, { template: 'v1', from: 240, to: 336 }),
    );
    expect(rows[0]).toMatchObject({ template_version: 'v1', previous_version: null });
    expect(rows[0]!.summary).toContain('went from calls without a template version to v1');
    expect(notes[0]).toMatch(/calls name no template version/);
  });

  it.each(['input', 'errors', 'cost'] as const)(
    '--order %s puts the worst of it first',
    async (order) => {
      const changes: Use[] = [
        { feature: 'a', template: 'v2', from: 200, to: 336, input: 3_000 },
        { feature: 'b', template: 'v2', from: 200, to: 336, errors: 0.5 },
        { feature: 'c', template: 'v2', from: 200, to: 336, output: 2_000 },
      ];
      const before = ['a', 'b', 'c'].map((feature): Use => ({
        feature,
        template: 'v1',
        from: 0,
        to: 200,
        errors: 0.1,
      }));
      const { rows } = await ask(uses(...before, ...changes), { order });
      expect(rows[0]!.feature).toBe({ input: 'a', errors: 'b', cost: 'c' }[order]);
    },
  );

  it('success comes from runs whose outcome is known', async () => {
    const runs = [
      { feature: 'search', template_version: 'v6', run_outcome: 'success', runs: 9 },
      { feature: 'search', template_version: 'v6', run_outcome: 'failure', runs: 1 },
      { feature: 'search', template_version: 'v7', run_outcome: 'failure', runs: 2 },
    ];
    const { rows } = await buildTemplates(books(doubled, runs), { window: secondWeek });
    expect(rows[0]!.success).toEqual({ before: 0.9, after: 0 });
  });
});

describe('what there is nothing to say about', () => {
  it('an empty window', async () => {
    expect(await ask([])).toMatchObject({
      summary: 'There are no calls in this window.',
      rows: [],
      truncated: false,
    });
  });

  it('one call', async () => {
    const { rows } = await ask(uses({ template: 'v1', from: 200, to: 201, callsPerHour: 1 }));
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/NaN|Infinity/);
  });

  it('calls without a price have no cost, and tokens all the same', async () => {
    const { rows } = await ask(
      uses(
        { template: 'v1', from: 0, to: 200, status: 'unknown_model' },
        { template: 'v2', from: 200, to: 336, status: 'unknown_model', output: 500 },
      ),
    );
    expect(rows[0]).toMatchObject({ cost_usd: null, extra_usd: null });
    expect(rows[0]!.quantities.cost_per_call).toEqual({
      before: null,
      after: null,
      ratio: null,
      verdict: 'not_judged',
    });
    expect(rows[0]!.quantities.output_tokens_per_call.verdict).toBe('more');
  });
});
