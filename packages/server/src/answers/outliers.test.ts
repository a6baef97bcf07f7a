import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildOutliers,
  decimalFromNumber,
  parseUsd,
  type Entry,
  type Framed,
  type Outlier,
  type OutlierReport,
  type OutlierRequest,
} from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { batchOf, sampleEntry } from '../store/conformance/batches.js';
import { openDuckDbStore } from '../store/duckdb/index.js';
import type { Store } from '../store/store.js';

const root = mkdtempSync(join(tmpdir(), 'farthing-outliers-'));
let store: Store;
beforeAll(async () => {
  store = await openDuckDbStore({ directory: root });
});
afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

let worlds = 0;

/** Books calls as those of a feature that no other test has, runs included, and tells its outliers. */
async function outliersOf(
  entries: readonly Entry[],
  changes: Partial<OutlierRequest> = {},
): Promise<Framed<OutlierReport>> {
  worlds += 1;
  const feature = `feature-${worlds}`;
  const own = entries.map((entry) => ({
    ...entry,
    tags: {
      ...entry.tags,
      feature,
      ...(entry.tags.run === undefined ? {} : { run: `${entry.tags.run} of ${feature}` }),
    },
  }));
  await store.book(batchOf(own, { segment: worlds }));
  const filters = [{ dimension: 'feature' as const, op: 'in' as const, values: [feature] }];
  return buildOutliers(store, { window, now, filters, ...changes });
}

const now = '2026-03-04T00:00:00.000Z';
const window = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-03T00:00:00.000Z' };
const start = Date.parse(window.from);

interface Spec {
  minute: number;
  feature?: string | null;
  model?: string;
  /** USD per token, of input; output costs five times that, cached input a tenth. */
  price?: number;
  input?: number;
  read?: number;
  output?: number;
  reasoning?: number;
  prompt?: Entry['prompt'];
  run?: string;
  changes?: Partial<Entry>;
}

/** 1,000 input tokens, of which 800 come from the cache, and 50 of output, unless it says otherwise. */
function call(spec: Spec): Entry {
  const { minute, feature = 'agent', model = 'm-small', price = 1, run } = spec;
  const { input = 1_000, output = 50, reasoning = 0 } = spec;
  const read = spec.read ?? input * 0.8;
  const line = (kind: string, quantity: number, rate: number) => ({
    kind,
    quantity,
    rate_usd: String(rate),
    per: 1_000_000,
    amount_usd: decimalFromNumber(Math.round(quantity * rate * 1e6) / 1e12),
  });
  const charges = [
    line('input_uncached', input - read, price),
    line('cache_read', read, price / 10),
    line('output', output, price * 5),
  ];
  const total = charges.reduce((sum, { amount_usd: usd }) => sum + parseUsd(usd), 0n);
  const at = new Date(start + minute * 60_000).toISOString();
  return sampleEntry({
    started_at: at,
    ended_at: at,
    model,
    model_requested: model,
    usage: {
      tokens: {
        input_uncached: input - read,
        cache_read: read,
        cache_write: 0,
        cache_write_5m: 0,
        cache_write_1h: 0,
        output,
      },
      details: { reasoning },
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
    },
    cost: {
      usd: decimalFromNumber(Number(total) / 1e12),
      status: 'priced',
      source: 'base',
      charges,
    },
    prompt: spec.prompt ?? { system: 400, history: 400, user: 200 },
    tags: {
      ...(feature === null ? {} : { feature }),
      ...(run === undefined ? {} : { run }),
    },
    ...spec.changes,
  });
}

/** Runs of four calls, each a little different from the next. */
const peers = (number: number, changes: Partial<Spec> = {}) =>
  Array.from({ length: number }, (_, index) =>
    call({
      minute: index,
      input: 1_000 + (index % 7) * 10,
      run: `run-${Math.floor(index / 4)}`,
      ...changes,
    }),
  );

async function only(...entries: Entry[]): Promise<Outlier> {
  const { outliers } = await outliersOf([...peers(200), ...entries]);
  const { id } = entries.at(-1)!;
  expect(outliers.map((outlier) => outlier.call.id)).toEqual([id]);
  const [outlier] = outliers as [Outlier];
  const sum = outlier.causes.reduce((all, { usd }) => all + parseUsd(usd), 0n);
  expect(sum).toBe(parseUsd(outlier.excess_usd));
  expect(parseUsd(outlier.cost_usd) - parseUsd(outlier.typical_usd)).toBe(sum);
  return outlier;
}

describe('an outlier is told with its cause:', () => {
  const grown = (source: string) => ({
    minute: 300,
    input: 11_000,
    prompt: { system: 400, history: 400, user: 200, [source]: 10_200 },
  });

  test.each([
    ['a prompt whose instructions grew', grown('system'), 'prompt_grew', 'system'],
    ['a prompt whose tool definitions grew', grown('tools'), 'prompt_grew', 'tools'],
    ['what a tool returned', grown('context'), 'tool_returned_too_much', 'context'],
    ['a longer answer', { minute: 300, output: 900 }, 'longer_output', null],
    ['more reasoning', { minute: 300, output: 900, reasoning: 860 }, 'more_reasoning', null],
    ['a price of another tier', { minute: 300, price: 6 }, 'price', null],
  ] as [string, Spec, string, string | null][])('%s', async (_, spec, cause, source) => {
    const { causes, summary, peers: compared } = await only(call(spec));
    expect(causes[0]).toMatchObject({ cause, source });
    expect(causes[0]!.share).toBeGreaterThan(0.8);
    expect(compared).toMatchObject({ level: 'model', model: 'm-small' });
    expect(summary).toMatch(/^[A-Z].*\.$/);
    expect(summary).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('a cache that was missed', async () => {
    const { causes, summary } = await only(call({ minute: 300, input: 1_600, read: 0 }));
    expect(causes[0]).toMatchObject({ cause: 'cache_miss' });
    expect(summary).toBe('None of its input came from the cache; of such calls it is 80 %.');
  });

  test('a loop that ran for more turns than such runs have', async () => {
    const turns = Array.from({ length: 40 }, (_, index) =>
      call({ minute: 250 + index, run: 'looping' }),
    );
    const last = call({
      minute: 295,
      run: 'looping',
      input: 11_000,
      prompt: { system: 400, history: 10_400, user: 200 },
    });
    const { causes, run, summary } = await only(...turns, last);
    expect(summary.match(/its run/g)).toHaveLength(1);
    expect(causes[0]).toMatchObject({ cause: 'loop_ran_on', source: 'history' });
    expect(run).toMatchObject({ calls: 41, position: 41, usual_calls: 4 });
    expect(summary).toMatch(/^It was call 41 of its run, where such runs have 4: its prompt had/);
  });

  test('a bigger model, too seldom to have a group of its own', async () => {
    const {
      causes,
      summary,
      peers: compared,
    } = await only(call({ minute: 300, model: 'm-large', price: 10 }));
    expect(causes[0]).toMatchObject({ cause: 'bigger_model' });
    expect(compared).toMatchObject({ level: 'feature', model: null, calls: 201 });
    expect(summary).toMatch(/^It went to m-large; such calls mostly go to m-small/);
  });

  test('a figure of the provider’s that its tokens do not come to', async () => {
    const { cost, ...rest } = call({ minute: 300 });
    const stated = {
      ...rest,
      cost: { ...cost, usd: '9.99', source: 'reported' as const, reported_usd: '9.99' },
    };
    const { causes, summary } = await only(stated);
    expect(causes[0]).toMatchObject({ cause: 'stated_cost' });
    expect(summary).toBe(
      'Its cost is stated as $9.99; its tokens come to $0.000530 at list price.',
    );
  });

  test('a retry says so, and its run what retries cost', async () => {
    const retried = call({ minute: 300, output: 900, run: 'run-9', changes: { attempt: 3 } });
    const { run, summary } = await only(retried);
    expect(summary).toContain('It was attempt 3; the ones before it are calls too.');
    expect(run).toMatchObject({ retries: 1, retries_usd: '0.00478' });
  });
});

describe('the report', () => {
  test('counts all outliers with their cost and share, and shows the dearest', async () => {
    const dear = [10, 20, 30].map((price) => call({ minute: 300, price }));
    const report = await outliersOf([...peers(400), ...dear], { top: 2 });
    expect(report.outliers.map(({ call: { id } }) => id)).toEqual([dear[2]!.id, dear[1]!.id]);
    expect(report.total).toMatchObject({ outliers: 3, judged_calls: 403, cost_usd: '0.0318' });
    expect(report.groups).toMatchObject([{ model: 'm-small', outliers: 3, cost_usd: '0.0318' }]);
    expect(report.runs).toEqual([]);
    expect(report.summary).toMatch(/^3 of 403 calls are outliers and cost \$0\.0318 \(13 % of/);
  });

  test('a run with several of them is named', async () => {
    const dear = [10, 20, 30].map((price) => call({ minute: 300, price, run: 'run-x' }));
    const report = await outliersOf([...peers(400), ...dear]);
    expect(report.runs).toEqual([
      { run: expect.stringMatching(/^run-x of/), outliers: 3, cost_usd: '0.0318' },
    ]);
    expect(report.summary).toContain('3 of them are calls of run run-x of');
  });

  test('a call whose price was corrected is judged by what it costs now', async () => {
    const wrong = call({ minute: 300, price: 100 });
    const right = call({ minute: 300 });
    const credit: Entry = {
      ...wrong,
      id: crypto.randomUUID(),
      kind: 'adjustment',
      source: 'reprice',
      usage: null,
      cost: {
        ...wrong.cost,
        usd: `-${decimalFromNumber(Number(wrong.cost.usd) - Number(right.cost.usd))}`,
        charges: [],
      },
      adjusts: {
        entry: wrong.id,
        number: 1,
        cause: 'price',
        reason: 'a wrong price',
        by: 'somebody',
        status_before: 'priced',
        status_after: 'priced',
        usd_before: wrong.cost.usd,
        usd_after: right.cost.usd,
      },
    };
    const before = await outliersOf([...peers(200), { ...wrong, id: crypto.randomUUID() }]);
    expect(before.total.outliers).toBe(1);
    const after = await outliersOf([...peers(200), wrong, credit]);
    expect(after.total.outliers).toBe(0);
  });

  test.each([
    ['no calls', []],
    ['one call', [call({ minute: 1 })]],
    [
      'calls without a price',
      peers(50, { changes: { cost: { usd: null, status: 'unknown_model', charges: [] } } }),
    ],
    ['calls that cost nothing', peers(50, { price: 0 })],
    ['too few calls', peers(29)],
  ])('%s: nothing can be judged, and that is said', async (_, entries) => {
    const report = await outliersOf(entries);
    expect(report.summary).toMatch(/^(No call could be judged|None of)/);
    expect(report).toMatchObject({ outliers: [], groups: [], total: { outliers: 0 } });
    expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/);
  });
});

/** The history of the coding assistant aider lies beside the repository and is no part of it. */
const history = new URL(
  '../../../../../shared/data/aider/message_send_history.jsonl',
  import.meta.url,
);

describe.skipIf(!existsSync(history))('in the aider history (skipped without ../shared)', () => {
  interface Sent {
    time: number;
    properties: Record<string, unknown>;
  }

  test('the price bug and the prompt of 913,414 tokens come first, of at most 25', async () => {
    const sent = readFileSync(history, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Sent)
      .filter(({ properties }) => Number(properties['cost'] ?? 0) > 0);
    expect(sent).toHaveLength(4_419);
    const entries = sent.map(({ time, properties }) => {
      const at = new Date(time * 1000).toISOString();
      const usd = decimalFromNumber(Number(properties['cost']));
      const { prompt: _, ...sentCall } = call({
        minute: 0,
        input: Number(properties['prompt_tokens']),
        read: 0,
        output: Number(properties['completion_tokens']),
        changes: {
          started_at: at,
          ended_at: at,
          model: String(properties['main_model']),
          // As the tool itself recorded it: one figure, and no lines of a bill.
          cost: { usd, status: 'priced', source: 'source', reported_usd: usd, charges: [] },
          tags: { feature: String(properties['edit_format'] ?? 'none') },
        },
      });
      return sentCall;
    });
    const directory = join(root, 'aider');
    const books = await openDuckDbStore({ directory });
    await books.book(batchOf(entries));
    const years = { from: '2024-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };
    const report = await buildOutliers(books, { window: years, now: years.to });
    await books.close();
    expect(report.total.judged_calls).toBe(4_419);
    expect(report.total.outliers).toBeGreaterThanOrEqual(5);
    expect(report.total.outliers).toBeLessThanOrEqual(25);
    const [bug, prompt] = report.outliers as [Outlier, Outlier];
    expect(bug).toMatchObject({ cost_usd: '9990.01252875' });
    expect(bug.causes[0]).toMatchObject({ cause: 'stated_cost' });
    expect(bug.causes[0]!.share).toBeGreaterThan(0.95);
    expect(prompt.tokens.call.input).toBe(913_414);
    expect(prompt.causes[0]).toMatchObject({ cause: 'prompt_grew' });
  });
});
