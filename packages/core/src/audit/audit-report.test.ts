import { describe, expect, test } from 'vitest';
import type { Query, QueryRow } from '../report/query.js';
import { buildAudit } from './audit-report.js';

const window = { from: '2026-03-08T00:00:00.000Z', to: '2026-03-15T00:00:00.000Z' };

/** A feature of 1,000 calls, of which 100 were taken apart. */
const feature: QueryRow = {
  feature: 'support',
  calls: 1_000,
  tokens_input: 2_000_000,
  prompt_calls: 100,
  prompt_system: 60_000,
  prompt_tools: 0,
  prompt_context: 20_000,
  prompt_history: 100_000,
  prompt_user: 20_000,
  prompt_files: 0,
  tokens_cache_read: 0,
  tokens_cache_write: 0,
  cost_input: '4',
  cost_cache_read: '0',
  cost_cache_write: '0',
};

const audit = (rows: QueryRow[], before: QueryRow[] = []) =>
  buildAudit(
    async (query: Query) => ({
      rows: query.window?.from === window.from ? rows : before,
      truncated: false,
      from: 'rollup',
    }),
    { by: ['feature'], window },
  );

describe('the audit of prompts', () => {
  test('divides all input of a feature by what the calls that were taken apart had', async () => {
    const { rows, previous } = await audit([feature]);
    expect(previous).toEqual({ from: '2026-03-01T00:00:00.000Z', to: window.from });
    expect(rows[0]).toMatchObject({
      group: { feature: 'support' },
      calls: 1_000,
      audited_calls: 100,
      input_tokens: 2_000_000,
      input_usd: '4',
    });
    expect(
      rows[0]!.sources.map((each) => [each.source, each.tokens, each.share, each.usd]),
    ).toEqual([
      ['history', 1_000_000, 0.5, '2'],
      ['system', 600_000, 0.3, '1.2'],
      ['context', 200_000, 0.1, '0.4'],
      ['user', 200_000, 0.1, '0.4'],
    ]);
  });

  test('names the largest lever in a sentence', async () => {
    const { rows } = await audit([feature]);
    expect(rows[0]!.lever).toMatchObject({ source: 'history', share: 0.5, usd: '2' });
    expect(rows[0]!.lever!.sentence).toBe(
      "Earlier turns are 50 % of the input's cost: summarise or drop older turns, or let a budget truncate them.",
    );
  });

  test('finds the lever by money: instructions that are cached cost little', async () => {
    const cached = {
      ...feature,
      prompt_system: 120_000,
      prompt_history: 40_000,
      tokens_cache_read: 1_200_000,
      cost_input: '2.8',
      cost_cache_read: '0.4',
    };
    const { rows } = await audit([cached]);
    expect(rows[0]!.sources[0]).toMatchObject({ source: 'system', share: 0.6 });
    expect(rows[0]!.lever).toMatchObject({ source: 'history' });
  });

  test('the question itself is no lever, and neither is what is little', async () => {
    const question = { ...feature, prompt_system: 100, prompt_context: 0, prompt_history: 0 };
    const { rows } = await audit([{ ...question, prompt_user: 99_900 }]);
    expect(rows[0]!.lever).toBeNull();
  });

  test('without a price there are tokens and no money', async () => {
    const { rows } = await audit([{ ...feature, cost_input: null }]);
    expect(rows[0]!.sources[0]).toMatchObject({ usd: null, cost_share: null });
    expect(rows[0]!.lever!.sentence).toMatch(/^Earlier turns are 50 % of the input tokens: /);
  });

  test('says how tokens per call moved against the window before', async () => {
    const before = {
      ...feature,
      calls: 500,
      tokens_input: 500_000,
      prompt_system: 30_000,
      prompt_context: 10_000,
      prompt_history: 0,
      prompt_user: 10_000,
      prompt_files: 50_000,
    };
    const { rows } = await audit([feature], [before]);
    const bySource = new Map(rows[0]!.sources.map((each) => [each.source, each]));
    expect(bySource.get('system')).toMatchObject({
      tokens_per_call: 600,
      tokens_per_call_before: 300,
      change: 1,
      share_before: 0.3,
    });
    expect(bySource.get('history')).toMatchObject({ tokens_per_call_before: 0, change: null });
    expect(bySource.get('files')).toMatchObject({ tokens: 0, share: 0, change: -1 });
  });

  test('calls that have no counted input do not make the others smaller', async () => {
    const refused = { ...feature, calls: 4_000 };
    const { rows } = await audit([refused]);
    expect(rows[0]!.sources[0]).toMatchObject({ source: 'history', tokens_per_call: 1_000 });
  });

  test('groups of which no call was taken apart are left out', async () => {
    const unknown = { ...feature, prompt_calls: 0, prompt_system: 0, prompt_history: 0 };
    const { rows } = await audit([{ ...unknown, prompt_user: 0, prompt_context: 0 }]);
    expect(rows).toEqual([]);
  });
});
