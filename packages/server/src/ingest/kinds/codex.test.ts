import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImportBooks, newDirectory } from '../../../test-support/import-books.js';

const at = (second: number) => new Date(Date.parse('2026-05-13T09:00:00Z') + second * 1000);

type Counts = [input: number, cached: number, output: number, reasoning: number];
const usage = ([input, cached, output, reasoning]: Counts) => ({
  input_tokens: input,
  cached_input_tokens: cached,
  output_tokens: output,
  reasoning_output_tokens: reasoning,
  total_tokens: input + output,
});
const event = (second: number, type: string, payload: object) =>
  JSON.stringify({ timestamp: at(second).toISOString(), type, payload });
const meta = (second: number, id: string, changes: object = {}) =>
  event(second, 'session_meta', {
    id,
    cwd: '/home/ada/work/shop',
    cli_version: '0.99.0',
    ...changes,
  });
const turn = (second: number, model: string) => event(second, 'turn_context', { model });
const count = (second: number, total: Counts | null, last?: Counts, changes: object = {}) =>
  event(second, 'event_msg', {
    type: 'token_count',
    info:
      total === null
        ? null
        : { total_token_usage: usage(total), last_token_usage: usage(last ?? total) },
    ...changes,
  });
const said = (second: number) =>
  event(second, 'response_item', { type: 'message', content: [{ text: 'what was said' }] });

async function importLines(lines: string[]) {
  const directory = newDirectory();
  const path = join(directory, 'rollout-2026-05-13T09-00-00-s1.jsonl');
  writeFileSync(path, `${lines.join('\n')}\n`);
  const books = new ImportBooks();
  const summary = await books.import([path], { kind: 'codex' });
  return { books, summary, path, directory };
}

describe('a turn is an entry', () => {
  test('of what the session’s count grew by; what is emitted again adds nothing', async () => {
    const { books, summary } = await importLines([
      meta(0, 's1'),
      turn(1, 'gpt-5.5'),
      said(2),
      count(3, [10_000, 4000, 300, 100]),
      count(4, [10_000, 4000, 300, 100]),
      count(5, null, undefined, { rate_limits: { plan_type: 'pro' } }),
      count(9, [25_000, 16_000, 800, 250], [15_000, 12_000, 500, 150]),
    ]);
    expect(summary).toMatchObject({ calls: 2, imported: 2, unreadable: { count: 0 } });
    const inOrder = books.all.sort((a, b) => (a.started_at < b.started_at ? -1 : 1));
    // 6000 × 5 + 4000 × 0.5 + 300 × 30; 3000 × 5 + 12,000 × 0.5 + 500 × 30, each a million
    expect(inOrder.map(({ cost }) => cost.usd)).toEqual(['0.041', '0.036']);
    expect(inOrder[1]).toMatchObject({
      source: 'import:codex',
      provider: 'openai',
      api: 'responses',
      model: 'gpt-5.5',
      started_at: at(9).toISOString(),
      usage: {
        tokens: { input_uncached: 3000, cache_read: 12_000, output: 500 },
        details: { reasoning: 150 },
      },
      tags: {
        feature: 'shop',
        agent: 'codex',
        session: 's1',
        custom: { project: 'shop', billing: 'subscription', plan: 'pro' },
      },
    });
    expect(JSON.stringify(books.all)).not.toContain('what was said');
  });

  test('at its own model, after a change in the middle of the session', async () => {
    const { summary } = await importLines([
      meta(0, 's1'),
      turn(1, 'gpt-5.5'),
      count(3, [1000, 0, 100, 0]),
      turn(4, 'gpt-5.3-codex'),
      count(5, [2000, 0, 200, 0], [1000, 0, 100, 0]),
    ]);
    expect(summary.models.map(({ model, cost_usd: usd }) => [model, usd])).toEqual([
      ['gpt-5.5', '0.008'],
      ['gpt-5.3-codex', '0.00315'],
    ]);
  });

  test('a count that begins anew adds its own turn', async () => {
    const { summary } = await importLines([
      meta(0, 's1'),
      turn(1, 'gpt-5.5'),
      count(3, [5000, 0, 500, 0]),
      count(5, [800, 0, 80, 0], [800, 0, 80, 0]),
      count(6, [5000, 0, 500, 0], [4200, 0, 420, 0]),
    ]);
    expect(summary).toMatchObject({ calls: 3, models: [{ tokens: { input_uncached: 10_000 } }] });
  });

  test('a fork’s copy of its parent’s history is the parent’s', async () => {
    const { summary } = await importLines([
      meta(0, 'child', { forked_from_id: 'parent' }),
      meta(0, 'parent'),
      turn(0, 'gpt-5.5'),
      count(0, [50_000, 0, 500, 0]),
      count(0, [90_000, 0, 900, 0], [40_000, 0, 400, 0]),
      count(300, [91_000, 0, 1000, 0], [1000, 0, 100, 0]),
    ]);
    expect(summary).toMatchObject({ calls: 1, cost_usd: '0.008' });
  });

  test('an archived copy of a log holds the same turns', async () => {
    const directory = newDirectory();
    const lines = `${[meta(0, 's1'), turn(1, 'gpt-5.5'), count(3, [1000, 0, 100, 0])].join('\n')}\n`;
    for (const folder of ['sessions', 'archived_sessions']) {
      mkdirSync(join(directory, folder));
      writeFileSync(join(directory, folder, 'rollout-s1.jsonl'), lines);
    }
    const books = new ImportBooks();
    const summary = await books.import([directory], { kind: 'codex' });
    expect(summary).toMatchObject({ calls: 1, repeated: 1, imported: 1 });
  });

  test('counts that contradict themselves are listed, and the rest is kept', async () => {
    const { summary } = await importLines([
      meta(0, 's1'),
      turn(1, 'gpt-5.5'),
      count(3, [1000, 2000, 100, 0]),
      '{ damaged',
      count(5, [3000, 2000, 200, 0], [2000, 0, 100, 0]),
    ]);
    expect(summary).toMatchObject({ calls: 1, unreadable: { count: 2 } });
    expect(summary.unreadable.lines.map(({ line }) => line)).toEqual([3, 4]);
  });
});

test('the books are the same however the log grows between imports, cut at any byte', async () => {
  const steps = fc.array(
    fc.record({
      added: fc.tuple(fc.nat(3000), fc.nat(500), fc.integer({ min: 1, max: 900 })),
      repeats: fc.nat(2),
      anew: fc.boolean(),
      cut: fc.option(fc.nat(300)),
    }),
    { minLength: 1, maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const path = join(newDirectory(), 'rollout-s1.jsonl');
      const books = new ImportBooks();
      writeFileSync(path, `${meta(0, 's1')}\n${turn(1, 'gpt-5.5')}\n`);
      let total: Counts = [0, 0, 0, 0];
      let [input, output] = [0, 0];
      for (const [index, { added, repeats, anew, cut }] of all.entries()) {
        const [uncached, cached, out] = added;
        const last: Counts = [uncached + cached, cached, out, 0];
        // A count begins anew below what it was: a lower output tells.
        const isAnew = anew && out < total[2];
        total = isAnew ? last : [total[0] + last[0], total[1] + last[1], total[2] + last[2], 0];
        input += last[0];
        output += out;
        for (let repeat = 0; repeat <= repeats; repeat++) {
          const text = `${count(10 + index, total, last)}\n`;
          const middle = Math.min(cut ?? text.length, text.length);
          appendFileSync(path, text.slice(0, middle));
          if (cut !== null) await books.import([path], { kind: 'codex' });
          appendFileSync(path, text.slice(middle));
        }
      }
      await books.import([path], { kind: 'codex' });
      const booked = books.all.map(({ usage }) => usage!.tokens);
      const sum = (of: (tokens: (typeof booked)[number]) => number) =>
        booked.reduce((all, tokens) => all + of(tokens), 0);
      expect(sum((tokens) => tokens.input_uncached + tokens.cache_read)).toBe(input);
      expect(sum((tokens) => tokens.output)).toBe(output);
    }),
    { numRuns: 60 },
  );
});
