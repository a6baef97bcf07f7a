import { buildBatchable, buildSubstitutions, type Entry } from '@farthing/core';
import { describe, expect, test } from 'vitest';
import { book, booksOf, now, priced, window, type Call } from '../../test-support/priced-calls.js';

const times = (count: number, call: (index: number) => Call): Entry[] =>
  Array.from({ length: count }, (_, index) => priced(call(index)));

const hour = 3_600_000;
const at = (offset: number) => new Date(Date.parse(window.from) + offset).toISOString();

describe('substitutions', () => {
  const substitutions = (entries: readonly Entry[], more = {}) =>
    buildSubstitutions(booksOf(entries), book, { window, now, ...more });

  test('a simple task on a frontier model goes to the fast one of the family, by the rule', async () => {
    const entries = times(40, () => ({
      feature: 'ticket-classifier',
      tokens: { input_uncached: 1_000, output: 300 },
    }));
    const { candidates, summary, monthly_savings_usd } = await substitutions(entries);
    expect(candidates).toMatchObject([
      {
        feature: 'ticket-classifier',
        from: { model: 'gpt-large', class: 'frontier' },
        to: { model: 'gpt-small', class: 'fast' },
        basis: 'task',
        task: 'classification',
        // 40 × (1,000 × $2 + 300 × $10) per million, and a tenth of that.
        actual_usd: '0.2',
        repriced_usd: { low: '0.02', expected: '0.02', high: '0.02' },
        savings_share: 0.9,
        share_of_spend: 1,
        samples_to_check: 40,
        command: 'farthing whatif --model openai/gpt-small --feature ticket-classifier',
      },
    ]);
    // Three days at this pace ten times over.
    expect(monthly_savings_usd).toBe('1.8');
    expect(summary).toContain('`ticket-classifier` could run on gpt-small instead of gpt-large');
  });

  test('short, even answers without reasoning are a sign of their own', async () => {
    const entries = times(40, () => ({
      feature: 'gate',
      tokens: { input_uncached: 1_000, output: 12 },
    }));
    const { candidates } = await substitutions(entries);
    expect(candidates).toMatchObject([{ basis: 'data', task: null, to: { class: 'fast' } }]);
    expect(candidates[0]!.sentence).toContain('at most 12 tokens');
  });

  test.each([
    ['that reason', { feature: 'ticket-classifier', reasoning: 200 }],
    ['with long answers', { feature: 'gate', tokens: { output: 4_000 } }],
    ['of agents', { feature: 'planning-agent', tokens: { output: 40 } }],
    ['on a small model already', { feature: 'ticket-classifier', model: 'gpt-small' }],
  ])('calls %s stay where they are', async (_, call: Call) => {
    const { candidates, summary } = await substitutions(
      times(40, () => ({ tokens: { input_uncached: 1_000, output: 300 }, ...call })),
    );
    expect(candidates).toEqual([]);
    expect(summary).toContain('No feature stands out');
  });

  test('what a feature does can be stated, and what costs little is left alone', async () => {
    const entries = [
      ...times(40, () => ({ feature: 'gate', tokens: { input_uncached: 1_000, output: 3_000 } })),
      ...times(20, () => ({ feature: 'labels', tokens: { input_uncached: 10, output: 3 } })),
    ];
    const stated = await substitutions(entries, { tasks: { gate: 'routing' } });
    expect(stated.candidates.map(({ feature }) => feature)).toEqual(['gate']);
    const all = await substitutions(entries, { tasks: { gate: 'routing' }, leastShare: 0 });
    expect(all.candidates.map(({ feature }) => feature)).toEqual(['gate', 'labels']);
  });
});

describe('batchable work', () => {
  const batchable = (entries: readonly Entry[]) =>
    buildBatchable(booksOf(entries), book, { window, now });
  const quiet = { stream: false };
  const nightly = (more: Call = {}) =>
    times(90, (index) => ({
      feature: 'digests',
      at: at(((index % 3) * 24 + 2) * hour + index * 1_000),
      tokens: { input_uncached: 2_000, output: 200 },
      changes: quiet,
      ...more,
    }));

  test('what comes at night, for nobody and not streamed, is likely batchable at half the price', async () => {
    const { work, savings_usd } = await batchable(nightly());
    expect(work).toMatchObject([
      {
        feature: 'digests',
        confidence: 'likely',
        evidence: { streamed: 0, for_somebody: 0, rhythm: { kind: 'scheduled', hours: [2] } },
        savings_share: 0.5,
        command: 'farthing whatif --batch --feature digests',
      },
    ]);
    expect(work[0]!.savings_usd.expected).toBe(savings_usd);
    expect(work[0]!.sentence).toContain('from 02:00 UTC');
  });

  test('what comes all day is only possibly so', async () => {
    const entries = times(144, (index) => ({ at: at(index * (hour / 2)), changes: quiet }));
    expect((await batchable(entries)).work).toMatchObject([{ confidence: 'possible' }]);
  });

  test.each([
    ['streamed', nightly({ changes: { stream: true } })],
    ['for users', nightly({ changes: { stream: false, tags: { feature: 'digests', user: 'u' } } })],
    ['in batches already', nightly({ tier: 'batch' })],
    ['without a batch price', nightly({ provider: 'anthropic', model: 'claude-opus-4-8' })],
  ])('work %s is left out', async (_, entries) => {
    const { work, summary } = await batchable(entries);
    expect(work).toEqual([]);
    expect(summary).toContain('No work stands out');
  });

  test('nothing is said in words', async () => {
    const nothing = await batchable([]);
    expect(nothing.summary).toBe('There are no calls in this window.');
    expect(JSON.stringify(nothing)).not.toMatch(/NaN|Infinity/);
  });
});
