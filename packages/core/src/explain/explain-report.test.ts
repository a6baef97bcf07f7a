import { describe, expect, it } from 'vitest';
import { parseUsd } from '../money.js';
import type { Query, QueryResult } from '../report/query.js';
import { buildExplain, type ExplainReport } from './explain-report.js';
import {
  askRows,
  hoursPerWeek,
  hourText,
  simulateLedger,
  type LedgerRow,
} from './simulated-ledger.fixture.js';

const window = { from: hourText(hoursPerWeek), to: hourText(2 * hoursPerWeek) };
const explain = (rows: LedgerRow[]): Promise<ExplainReport> =>
  buildExplain(askRows(rows), { window, by: 'feature' });

/** One call of one model in one hour. */
const call = (hour: number, changes: Record<string, string> = {}, usd = 10n ** 12n): LedgerRow => ({
  hour,
  key: {
    feature: 'search',
    provider: 'openai',
    model: 'gpt-5-mini',
    template_version: 'v1',
    api: 'responses',
    cost_status: 'priced',
    outcome: 'ok',
    ...changes,
  },
  counts: { calls: 1, tokens_input: 100, tokens_input_uncached: 100, tokens_output: 10 },
  amounts: { cost: usd, cost_input_uncached: usd },
});

describe('why spend changed', () => {
  it('the causes that are shown and those that are not add up to the difference', async () => {
    const { rows } = simulateLedger(3, 'output');
    const report = await buildExplain(askRows(rows), { window, by: 'feature', limit: 2 });
    const all = [...report.causes.map((cause) => cause.amount_usd), report.other_causes.amount_usd];
    const sum = all.reduce((total, amount) => total + parseUsd(amount), 0n);
    expect(sum).toBe(parseUsd(report.difference_usd));
    expect(report.causes).toHaveLength(2);
    expect(report.other_causes.count).toBeGreaterThan(5);
  });

  it('the groups of a step add up to it', async () => {
    const { steps } = await explain(simulateLedger(4, 'routing').rows);
    for (const step of steps) {
      const parts = [...step.groups.map((group) => group.amount_usd), step.other_groups_usd];
      const sum = parts.reduce((total, amount) => total + parseUsd(amount), 0n);
      expect(sum).toBe(parseUsd(step.amount_usd));
    }
  });

  it('says it in a sentence: how much, what, who, how much of it, when, with which template', async () => {
    const before = Array.from({ length: 200 }, (_, hour) => call(hour));
    const after = Array.from({ length: 136 }, (_, hour) => {
      const row = call(hour + 200, { template_version: 'v2' }, 3n * 10n ** 12n);
      row.counts.tokens_output = 25;
      row.amounts = {
        cost: 3n * 10n ** 12n,
        cost_input_uncached: 10n ** 12n,
        cost_output: 2n * 10n ** 12n,
      };
      return row;
    });
    for (const row of before) {
      row.amounts = {
        cost: 18n * 10n ** 11n,
        cost_input_uncached: 10n ** 12n,
        cost_output: 8n * 10n ** 11n,
      };
    }
    const { summary, causes } = await explain([...before, ...after]);
    expect(summary).toBe(
      '+$163 (+54 %): `search` started producing 2.5 × the output tokens on 17 Nov with template v2.',
    );
    expect(causes[0]).toMatchObject({
      kind: 'output',
      group: 'search',
      model: 'gpt-5-mini',
      template_version: 'v2',
      share: 1,
      onset: { at: hourText(200), until: null, bucket: 'hour', ratio: 2.5 },
    });
  });

  it('a busier week of everybody is one cause, not one for each', async () => {
    const features = ['a', 'b', 'c', 'd', 'e'];
    const rows = features.flatMap((feature) => [
      ...Array.from({ length: 100 }, (_, hour) => call(hour, { feature })),
      ...Array.from({ length: 130 }, (_, hour) => call(hoursPerWeek + hour, { feature })),
    ]);
    const { causes, summary } = await explain(rows);
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatchObject({ kind: 'volume', share: 1 });
    expect(causes[0]).not.toHaveProperty('group');
    expect(summary).toContain('calls went up everywhere by 30 %');
  });

  it('a run in a loop that is over is told as that, with its day', async () => {
    const usual = Array.from({ length: 336 }, (_, hour) => call(hour));
    const loop = Array.from({ length: 60 }, (_, index) =>
      call(250 + (index % 3), { model: 'gpt-5.5' }, 20n * 10n ** 12n),
    );
    const { summary, causes } = await explain([...usual, ...loop]);
    expect(summary).toContain(
      '`search` moved to gpt-5.5 (0 % → 26 % of its calls) for a while on 19 Nov',
    );
    expect(causes[0]).toMatchObject({
      kind: 'routing',
      onset: { at: hourText(250), until: hourText(253) },
    });
  });

  it('a price that changes for a model is one cause, in however many features', async () => {
    const rows = ['a', 'b', 'c'].flatMap((feature) => [
      ...Array.from({ length: 100 }, (_, hour) => call(hour, { feature })),
      ...Array.from({ length: 100 }, (_, hour) =>
        call(hoursPerWeek + hour, { feature }, 2n * 10n ** 12n),
      ),
    ]);
    const { causes, summary } = await explain(rows);
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatchObject({ kind: 'price', model: 'gpt-5-mini', share: 1 });
    expect(summary).toContain('the price per token of `gpt-5-mini` went up by 100 % on 16 Nov');
  });
});

describe('what there is nothing to explain about', () => {
  it('no calls in either window', async () => {
    const report = await explain([]);
    expect(report).toMatchObject({
      summary: 'There are no calls in either window.',
      difference_usd: '0',
      change: null,
      steps: [],
      causes: [],
    });
    expect(report.notes.join(' ')).toContain('nothing to compare with');
  });

  it('one call', async () => {
    const report = await explain([call(hoursPerWeek + 1)]);
    expect(report.summary).toBe('+$1.00: `search` is new on 16 Nov.');
    expect(report.change).toBeNull();
    expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/);
  });

  it('the same in both windows', async () => {
    const report = await explain([call(1), call(hoursPerWeek + 1)]);
    expect(report.summary).toBe('No change: $1.00 in both windows.');
  });

  it('no price anywhere', async () => {
    const unknown = (hour: number): LedgerRow => ({
      ...call(hour, { cost_status: 'unknown_model' }),
      counts: { calls: 1, unpriced_calls: 1 },
      amounts: {},
    });
    const report = await explain([
      unknown(1),
      unknown(hoursPerWeek + 1),
      unknown(hoursPerWeek + 2),
    ]);
    expect(report.summary).toContain('No call in either window has a known price');
    expect(report.unpriced_calls).toEqual({ before: 1, after: 2 });
    expect(report.notes.join(' ')).toContain('Calls without a known price');
  });

  it('windows of different length, and books that begin within the earlier one, are told', async () => {
    const against = { from: hourText(0), to: hourText(hoursPerWeek - 24) };
    const rows = [call(100), call(hoursPerWeek + 1)];
    const { notes } = await buildExplain(askRows(rows), { window, against, by: 'feature' });
    expect(notes[0]).toContain('(6 days and 7 days)');
    expect(notes[1]).toContain('no calls in the earlier window before 2026-11-13');
  });

  it('more groups than one answer holds: templates are left out, and that is said', async () => {
    const ask = askRows([call(1), call(hoursPerWeek + 1)]);
    const cut = async (query: Query): Promise<QueryResult> => {
      const isFine = query.dimensions?.includes('template_version') === true;
      return { ...(await ask(query)), truncated: isFine };
    };
    const { notes, difference_usd: difference } = await buildExplain(cut, { window, by: 'user' });
    expect(notes).toContain('There are too many groups to tell templates apart.');
    expect(difference).toBe('0');
  });
});
