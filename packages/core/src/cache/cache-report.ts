import type { AnswerBooks } from '../answer/answer-books.js';
import { buildFrame, shareOf, type AnswerFrame } from '../answer/frame.js';
import { formatUsd, parseUsd } from '../money.js';
import type { PriceBook } from '../pricing/price-book.js';
import type { Dimension, Filter, Measure, QueryRow, Window } from '../report/query.js';
import { cacheModelRow, type CacheModelRow } from './cache-model.js';
import { partSample, sampleCalls, type CacheSample } from './cache-sample.js';
import { summarizeCache, summarizeRow } from './cache-sentences.js';
import type { PrefixedCall, PrefixSearch } from './prefix-search.js';

export interface CacheRequest {
  by: Dimension[];
  window: Window;
  filters?: Filter[];
  /** Most groups, by input tokens; default 200. */
  limit?: number;
  /** ISO 8601. */
  now: string;
}

/** What the answer asks of the books: sums, and how prompts begin. */
export interface CacheBooks extends Pick<AnswerBooks, 'query'> {
  prefixes(search: PrefixSearch): Promise<PrefixedCall[]>;
}

export type CacheFlag = 'low_hit_ratio' | 'unstable_prefix' | 'loses_money';

/** Caching of one group of calls (a feature and template version), over all its models. */
export interface CacheRow {
  group: Record<string, string | null>;
  calls: number;
  input_tokens: number;
  hit_ratio: number | null;
  /** Return of caching after write costs; null where a price is unknown. */
  net_usd: string | null;
  flags: CacheFlag[];
  /** What the advised settings would have saved more; "0" where none is advised. */
  saves_usd: string;
  models: CacheModelRow[];
  summary: string;
}

export interface CacheReport {
  frame: AnswerFrame;
  summary: string;
  by: Dimension[];
  hit_ratio: number | null;
  net_usd: string | null;
  saves_usd: string;
  /** What other settings are judged by. */
  sample: { calls: number; of_calls: number; one_in: number; spans: Window[]; is_whole: boolean };
  /** Those that would save most first, then by input. */
  rows: CacheRow[];
  truncated: boolean;
}

/** Features under it are flagged (requirement R26), where their prompts are long enough to be cached. */
export const leastHitRatio = 0.6;

const measures: Measure[] = [
  'tokens_input',
  'calls',
  'tokens_input_uncached',
  'tokens_cache_read',
  'tokens_cache_write',
  'tokens_cache_write_1h',
  'cache_saved',
  'cache_premium',
  'cache_valued_tokens',
];
const mostRows = 5_000;

/**
 * What prompt caching returns, and what another setting would: hit ratios and returns are sums of all calls,
 * settings are played through a sample of them whose size is bounded.
 */
export async function buildCache(
  books: CacheBooks,
  prices: Pick<PriceBook, 'tokenPrices'>,
  request: CacheRequest,
): Promise<CacheReport> {
  const { by, window, filters = [], limit = 200, now } = request;
  const dimensions = [...new Set<Dimension>([...by, 'provider', 'model'])];
  const frame = await buildFrame(books, { window, filters, now });
  const [sums, sample] = await Promise.all([
    books.query({ measures, dimensions, window, filters, limit: mostRows }),
    sampleCalls((search) => books.prefixes(search), {
      by,
      window,
      filters,
      calls: frame.calls,
      now: Date.parse(now),
    }),
  ]);
  const at = Math.min(Date.parse(now), Date.parse(window.to));
  const keyOf = (group: Record<string, unknown>) =>
    JSON.stringify(by.map((name) => group[name] ?? null));
  const ownSample = partSample(sample, (call) =>
    JSON.stringify([keyOf(call.group), call.provider, call.model]),
  );
  const inSpans = sample.isWhole ? null : await tokensInSpans(books, sample, by, filters);
  const spanTokens = (key: string, row: QueryRow) =>
    inSpans === null ? Number(row['tokens_input']) : (inSpans.get(key) ?? 0);
  const groups = groupBy(sums.rows.filter(hasInput), keyOf);
  const rows = [...groups].slice(0, limit).map(([key, members]) => {
    const models = members.map((row) =>
      cacheModelRow({
        row,
        sample: ownSample(JSON.stringify([key, row['provider'], row['model']])),
        spanTokens: spanTokens(JSON.stringify([key, row['provider'], row['model']]), row),
        prices: pricesOf(prices, row, at),
      }),
    );
    return cacheRow(by, members[0]!, models);
  });
  rows.sort((a, b) => Number(b.saves_usd) - Number(a.saves_usd) || b.input_tokens - a.input_tokens);
  const totals = totalsOf(rows);
  const looked = sample.spans.reduce((sum, { calls }) => sum + calls.length, 0);
  return {
    frame: {
      ...frame,
      estimated: [
        'What other settings would have saved: real calls played through a cache, by fingerprints of how their prompts begin.',
      ],
      notes: [...frame.notes, ...sampleNotes(sample, looked, frame.calls)],
    },
    summary: summarizeCache(rows, totals, frame.calls),
    by,
    ...totals,
    sample: {
      calls: looked,
      of_calls: frame.calls,
      one_in: sample.oneIn,
      spans: sample.spans.map(({ from, to }) => ({ from: isoOf(from), to: isoOf(to) })),
      is_whole: sample.isWhole,
    },
    rows,
    truncated: sums.truncated || groups.size > limit,
  };
}

/** Input tokens of the calls that began in the sample's spans, by group, provider and model. */
async function tokensInSpans(
  books: CacheBooks,
  sample: CacheSample,
  by: readonly Dimension[],
  filters: Filter[],
): Promise<Map<string, number>> {
  const dimensions = [...new Set<Dimension>([...by, 'provider', 'model'])];
  const results = await Promise.all(
    sample.spans.map(({ from, to }) =>
      books.query({
        measures: ['tokens_input'],
        dimensions,
        filters,
        window: { from: isoOf(from), to: isoOf(to) },
        limit: mostRows,
      }),
    ),
  );
  const tokens = new Map<string, number>();
  for (const row of results.flatMap(({ rows }) => rows)) {
    const group = JSON.stringify(by.map((name) => row[name] ?? null));
    const key = JSON.stringify([group, row['provider'], row['model']]);
    tokens.set(key, (tokens.get(key) ?? 0) + Number(row['tokens_input'] ?? 0));
  }
  return tokens;
}

function groupBy(
  rows: readonly QueryRow[],
  keyOf: (row: QueryRow) => string,
): Map<string, QueryRow[]> {
  const groups = new Map<string, QueryRow[]>();
  for (const row of rows) {
    const members = groups.get(keyOf(row));
    if (members === undefined) groups.set(keyOf(row), [row]);
    else members.push(row);
  }
  return groups;
}

function hasInput(row: QueryRow): boolean {
  return Number(row['tokens_input'] ?? 0) > 0;
}

function pricesOf(prices: Pick<PriceBook, 'tokenPrices'>, row: QueryRow, at: number) {
  const { provider, model } = row;
  if (model == null) return null;
  return prices.tokenPrices({
    provider: String(provider),
    model: String(model),
    at,
    inputTokens: Math.round(Number(row['tokens_input']) / Math.max(1, Number(row['calls']))),
    hasOutput: false,
  });
}

function cacheRow(by: readonly Dimension[], row: QueryRow, models: CacheModelRow[]): CacheRow {
  const group = Object.fromEntries(by.map((name) => [name, row[name] as string | null]));
  const sum = (value: (model: CacheModelRow) => number, of = models) =>
    of.reduce((total, model) => total + value(model), 0);
  const applying = models.filter(({ applies }) => applies);
  const hits = shareOf(
    sum(({ tokens }) => tokens.read, applying),
    sum(inputOf, applying),
  );
  const flags: CacheFlag[] = [];
  if (hits !== null && hits < leastHitRatio) flags.push('low_hit_ratio');
  if (models.some(({ unstable }) => unstable)) flags.push('unstable_prefix');
  const net = sumUsd(models.map(({ net_usd: usd }) => usd));
  if (net !== null && net < 0n) flags.push('loses_money');
  const saves = sumUsd(models.map(({ advice }) => advice?.saves_usd ?? '0')) ?? 0n;
  const input = sum(inputOf);
  const result = {
    group,
    calls: sum(({ calls }) => calls),
    input_tokens: input,
    hit_ratio: shareOf(
      sum(({ tokens }) => tokens.read),
      input,
    ),
    net_usd: net === null ? null : formatUsd(net),
    flags,
    saves_usd: formatUsd(saves),
    models,
  };
  return { ...result, summary: summarizeRow(result) };
}

function inputOf({ input_tokens: tokens }: CacheModelRow): number {
  return tokens;
}

/** Null where one of them is unknown. */
function sumUsd(amounts: readonly (string | null)[]): bigint | null {
  return amounts.reduce<bigint | null>(
    (sum, usd) => (sum === null || usd === null ? null : sum + parseUsd(usd)),
    0n,
  );
}

/** Of all groups; what has no known price is in no sum of money. */
function totalsOf(rows: readonly CacheRow[]) {
  const input = rows.reduce((sum, { input_tokens: tokens }) => sum + tokens, 0);
  const read = rows.reduce(
    (sum, { models }) => sum + models.reduce((all, { tokens }) => all + tokens.read, 0),
    0,
  );
  const known = rows.filter(({ net_usd: usd }) => usd !== null);
  const net = sumUsd(known.map(({ net_usd: usd }) => usd));
  return {
    hit_ratio: shareOf(read, input),
    net_usd: known.length === 0 || net === null ? null : formatUsd(net),
    saves_usd: formatUsd(sumUsd(rows.map(({ saves_usd: usd }) => usd)) ?? 0n),
  };
}

function sampleNotes(sample: CacheSample, looked: number, calls: number): string[] {
  if (calls === 0) return [];
  if (looked === 0) {
    return [
      'No call in this window has fingerprints of its prompt, so other settings are not judged. Calls through the gateway with prompts of 1,024 tokens and more have them, unless `audit.prefixes` is false; imported calls have none.',
    ];
  }
  if (sample.isWhole) return [];
  const spans = sample.spans.length === 1 ? 'one stretch' : `${sample.spans.length} stretches`;
  const thinned = sample.oneIn === 1 ? '' : `, one conversation in ${sample.oneIn}`;
  return [
    `Other settings are judged by ${looked.toLocaleString('en-US')} of ${calls.toLocaleString('en-US')} calls: ${spans} of time, evenly spread${thinned}. Ratios and returns are of all calls.`,
  ];
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
