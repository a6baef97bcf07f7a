import { describe, expect, test } from 'vitest';
import type { Query, QueryRow } from '../report/query.js';
import { buildCache, type CacheBooks } from './cache-report.js';
import type { PrefixedCall } from './prefix-search.js';

const window = { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z' };
const now = '2026-03-03T00:00:00.000Z';
const minute = 60_000;

/** Claude Sonnet 4.5's rates in picodollars a token. */
const sonnet = {
  input: 3_000_000n,
  cacheRead: 300_000n,
  cacheWrite: 3_750_000n,
  cacheWrite1h: 6_000_000n,
  output: 15_000_000n,
};
const prices = { tokenPrices: () => sonnet };
const noPrices = { tokenPrices: () => null };

function booksOf(row: Partial<QueryRow> | null, calls: PrefixedCall[] = []): CacheBooks {
  const sums: QueryRow | null =
    row === null
      ? null
      : {
          feature: 'chat',
          provider: 'anthropic',
          model: 'claude-sonnet-4-5',
          calls: 100,
          tokens_input: 500_000,
          tokens_input_uncached: 500_000,
          tokens_cache_read: 0,
          tokens_cache_write: 0,
          tokens_cache_write_1h: 0,
          cache_saved: '0',
          cache_premium: '0',
          cache_valued_tokens: 0,
          ...row,
        };
  const frame = { calls: sums?.calls ?? 0, cost: '2', unpriced_calls: 0, unattributed_calls: 0 };
  return {
    query: async ({ dimensions }: Query) => ({
      rows: dimensions === undefined ? [{ ...frame }] : sums === null ? [] : [sums],
      truncated: false,
      from: 'rollup',
    }),
    prefixes: async () => calls,
  };
}

/** A hundred calls of 5,000 tokens, so far apart, that share their first 4,000. */
function sharing(gap: number, changes: Partial<PrefixedCall['prefixes']> = {}): PrefixedCall[] {
  return Array.from({ length: 100 }, (_, index) => ({
    at: Date.parse(window.from) + index * gap,
    group: { feature: 'chat' },
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    input: 5_000,
    prefixes: {
      keys: ['sharedAA', `own${String(index).padStart(5, '0')}`],
      tokens: [4_000, 5_000],
      head: 2,
      ...changes,
    },
  }));
}

const ask = async (books: CacheBooks, book: typeof prices | typeof noPrices = prices) =>
  buildCache(books, book as typeof prices, { by: ['feature'], window, now });

describe('what caching returns', () => {
  test('is hit ratio and net return as booked, to the picodollar', async () => {
    const report = await ask(
      booksOf({
        tokens_input_uncached: 100_000,
        tokens_cache_read: 300_000,
        tokens_cache_write: 100_000,
        cache_saved: '0.81',
        cache_premium: '0.075000000001',
        cache_valued_tokens: 400_000,
      }),
    );
    const [row] = report.rows;
    expect(row).toMatchObject({ hit_ratio: 0.6, net_usd: '0.734999999999', flags: [] });
    expect(row!.models[0]).toMatchObject({
      reads_per_write: 3,
      booked_share: 1,
      minimum_tokens: 1_024,
      break_even: { write_5m: 0.28, write_1h: 1.11 },
    });
    expect(report.summary).toContain(
      '60 % of the input was read from prompt caches, which saved $0.73',
    );
  });

  test('is worked out at today’s prices where no charge tells, and unknown without prices', async () => {
    const row = { tokens_cache_read: 100_000, tokens_input_uncached: 400_000 };
    // 100,000 × (3 − 0.3) USD a million.
    const known = (await ask(booksOf(row))).rows[0]!;
    expect(known).toMatchObject({ net_usd: '0.27', models: [{ booked_share: 0 }] });
    const unknown = (await ask(booksOf(row), noPrices)).rows[0]!;
    expect(unknown).toMatchObject({ net_usd: null, models: [{ settings: [], advice: null }] });
  });

  test('flags features under 0.60, but not those whose prompts no cache would take', async () => {
    expect((await ask(booksOf({}))).rows[0]!.flags).toEqual(['low_hit_ratio']);
    const short = (await ask(booksOf({ tokens_input: 50_000 }))).rows[0]!;
    expect(short.flags).toEqual([]);
    expect(short.summary).toContain('shorter on average than what the cache takes (1,024 tokens)');
  });
});

describe('what another setting would have saved', () => {
  test('is five minutes where calls come within them', async () => {
    const [row] = (await ask(booksOf({}, sharing(minute)))).rows;
    const { advice, gaps, settings } = row!.models[0]!;
    expect(gaps).toMatchObject({ p50_seconds: 60, within_5m: 0.99, first_seen: 0.01 });
    // What is never sent again costs its write: only the shared beginning should be written.
    expect(advice).toMatchObject({ setting: '5m_second_sighting', basis: 'predicted' });
    expect(settings.map(({ setting }) => setting)).toEqual([
      'none',
      '5m',
      '1h',
      '5m_second_sighting',
    ]);
    expect(Number(advice!.low_usd)).toBeLessThan(Number(advice!.saves_usd));
    expect(row!.summary).toContain('That would have saved about $1.0');
  });

  test('names its model in a group of several, whose others may earn by what this one loses with', async () => {
    const loses = {
      tokens_cache_write: 100_000,
      cache_premium: '0.061',
      cache_valued_tokens: 100_000,
    };
    const earns = { tokens_cache_read: 400_000, cache_saved: '23', cache_valued_tokens: 400_000 };
    const one = booksOf({ ...loses, calls: 13, model: 'claude-sonnet-5' });
    const many = booksOf({ ...earns, calls: 573 });
    const query: CacheBooks['query'] = async (asked) => {
      const [few, more] = [await one.query(asked), await many.query(asked)];
      return { ...more, rows: [...more.rows, ...few.rows] };
    };
    const [row] = (await ask({ ...many, query })).rows;
    expect(row!.summary).toContain(
      'which saved $22.94 after what writing cost. Of the calls to claude-sonnet-5 (13 of 586): Do not write',
    );
  });

  test('is nothing of the calls that have no fingerprints, as short prompts have none', async () => {
    const net = async (input: number) => {
      const [row] = (await ask(booksOf({ tokens_input: input, calls: 200 }, sharing(minute)))).rows;
      return Number(row!.models[0]!.settings.at(-1)!.net_usd);
    };
    expect(await net(600_000)).toBeCloseTo(await net(500_000), 6);
  });

  test('is one hour where they come every ten minutes, and none where they are a day apart', async () => {
    const own = { keys: ['sharedAA'], tokens: [4_900], head: 1 };
    const [hourly] = (await ask(booksOf({}, sharing(10 * minute, own)))).rows;
    expect(hourly!.models[0]!.advice?.setting).toBe('1h');
    const [daily] = (await ask(booksOf({}, sharing(24 * 60 * minute, own)))).rows;
    expect(daily!.models[0]!.advice).toBeNull();
  });

  test('is to stop where writing cost more than it saved, as the bills say', async () => {
    const losing = {
      tokens_cache_write: 400_000,
      cache_premium: '0.3',
      cache_valued_tokens: 400_000,
    };
    const [row] = (await ask(booksOf(losing))).rows;
    expect(row!.flags).toContain('loses_money');
    expect(row!.models[0]!.advice).toMatchObject({
      setting: 'none',
      saves_usd: '0.3',
      basis: 'booked',
    });
  });

  test('is to move what changes behind what repeats, where enough repeats', async () => {
    const calls = sharing(minute, { repeated: 3_000 }).map((call, index) => ({
      ...call,
      prefixes: {
        ...call.prefixes,
        keys: [`x${index}`.padEnd(8, 'x'), `y${index}`.padEnd(8, 'y')],
      },
    }));
    const [row] = (await ask(booksOf({}, calls))).rows;
    expect(row!.flags).toContain('unstable_prefix');
    expect(row!.models[0]!.prefix).toMatchObject({ seen_before: 0, repeated_tokens: 3_000 });
    expect(row!.models[0]!.settings.at(-1)).toMatchObject({ setting: 'stable_first' });
  });
});

test('where the provider decides about caching, only the order of the prompt can be advised', async () => {
  const calls = sharing(minute).map((call) => ({
    ...call,
    provider: 'openai',
    model: 'gpt-5-mini',
  }));
  const [row] = (await ask(booksOf({ provider: 'openai', model: 'gpt-5-mini' }, calls))).rows;
  expect(row!.models[0]).toMatchObject({ control: 'automatic', settings: [], advice: null });
  expect(row!.summary).toContain('The provider decides what it caches');
});

describe('an answer that has little to go by says so', () => {
  test('an empty window, and one in the future', async () => {
    const empty = await ask(booksOf(null));
    expect(empty).toMatchObject({ rows: [], hit_ratio: null, net_usd: null, saves_usd: '0' });
    expect(empty.summary).toBe('There are no calls in this window, so nothing could be cached.');
    const future = { from: '2027-01-01T00:00:00.000Z', to: '2027-02-01T00:00:00.000Z' };
    const report = await buildCache(booksOf(null), prices, { by: [], window: future, now });
    expect(report.frame.notes[0]).toContain('lies in the future');
  });

  test('one call, and calls without fingerprints', async () => {
    const report = await ask(
      booksOf({ calls: 1, tokens_input: 5_000 }, sharing(minute).slice(0, 1)),
    );
    expect(report.rows[0]!.models[0]).toMatchObject({ settings: [], advice: null });
    expect(JSON.stringify(report)).not.toMatch(/NaN|Infinity/);
    const unpriced = await ask(booksOf({}, sharing(minute)), noPrices);
    expect(unpriced.rows[0]!.summary).toContain('Without a known price no setting can be judged');
    const imported = await ask(booksOf({}));
    expect(imported.frame.notes.join(' ')).toContain('No call in this window has fingerprints');
    expect(imported.rows[0]!.summary).toContain('Too few calls with fingerprints');
  });
});
