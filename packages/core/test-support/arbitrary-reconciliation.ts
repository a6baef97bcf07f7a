import fc from 'fast-check';
import type { Entry, Outcome } from '../src/entry.js';
import { formatUsd } from '../src/money.js';
import { PriceBook } from '../src/pricing/price-book.js';
import { ruleLayer } from '../src/pricing/price-rows.js';
import { emptyTokens } from '../src/usage/usage.js';
import { bookRates } from '../src/reconcile/book-rates.js';
import { usualFinalAfter } from '../src/reconcile/finality.js';
import { LedgerCells } from '../src/reconcile/ledger-cells.js';
import type {
  CostRow,
  ProviderReport,
  ReportBucket,
  UsageRow,
} from '../src/reconcile/provider-report.js';
import { reconcile } from '../src/reconcile/reconcile.js';
import type { Reconciliation } from '../src/reconcile/result.js';

/** Random books and reports for the laws of reconciling: both sides say anything at all. */
export interface Case {
  entries: Entry[];
  report: ProviderReport;
  projects: string[];
}

const from = Date.parse('2026-03-01T00:00:00.000Z');
const hour = 3_600_000;
const models = ['alpha', 'alpha-2026-01-01', 'beta', 'stranger'];
const tiers = ['default', 'flex', 'batch'];

const book = new PriceBook([
  ruleLayer('base', 'test@1', [
    {
      provider: 'openai',
      model: 'alpha',
      rates: { input: '2', cache_read: '0.5', output: '8' },
      source: 'test',
    },
    {
      provider: 'openai',
      model: 'beta',
      rates: { input: '0.15', cache_read: '0.075', cache_write: '0.2', output: '0.6' },
      source: 'test',
    },
    {
      provider: 'openai',
      model: '*',
      when: { service_tier: 'flex' },
      multiply: { tokens: '0.5' },
      source: 'test',
    },
  ]),
]);

const at = fc.integer({ min: -2, max: 49 }).map((hours) => new Date(from + hours * hour));
const count = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5_000 }));
const tokens = fc.record({
  input_uncached: count,
  cache_read: count,
  cache_write: count,
  output: count,
});
const id = fc.integer({ min: 0, max: 1_000_000 });

const entry: fc.Arbitrary<Entry> = fc
  .record({
    at,
    minutes: fc.integer({ min: 0, max: 59 }),
    model: fc.constantFrom(...models),
    tier: fc.constantFrom(...tiers),
    tokens,
    outcome: fc.constantFrom<Outcome>('ok', 'ok', 'ok', 'aborted', 'interrupted', 'error'),
    usage: fc.constantFrom('exact', 'exact', 'estimated', 'none'),
    answer: fc.integer({ min: 0, max: 12 }),
    id,
    manual: fc.boolean(),
    own: fc.option(fc.bigInt({ min: 0n, max: 10n ** 13n }), { nil: undefined }),
  })
  .map((given) => toEntry(given));

function toEntry(given: {
  at: Date;
  minutes: number;
  model: string;
  tier: string;
  tokens: Partial<ReturnType<typeof emptyTokens>>;
  outcome: Outcome;
  usage: string;
  answer: number;
  id: number;
  manual: boolean;
  own: bigint | undefined;
}): Entry {
  const started = new Date(Math.max(given.at.getTime(), from) + given.minutes * 60_000);
  const startedAt = new Date(Math.min(started.getTime(), from + 48 * hour - 1)).toISOString();
  const usage =
    given.usage === 'none'
      ? null
      : {
          tokens: { ...emptyTokens(), ...given.tokens },
          details: {},
          units: given.answer === 0 ? { web_searches: 2 } : {},
          modifiers: given.tier === 'default' ? {} : { service_tier: given.tier },
          estimated: given.usage === 'estimated',
          raw: null,
          notes: [],
        };
  const cost =
    usage === null
      ? { usd: null, status: 'no_usage' as const, charges: [] }
      : book.price({
          provider: 'openai',
          api: 'chat.completions',
          model: given.model,
          at: startedAt,
          reading: { status: 'ok', usage },
        });
  const manual = given.manual && given.answer === 1;
  return {
    schema: 1,
    event: 'llm.cost.tracked',
    id: `entry-${given.id}`,
    kind: manual ? 'adjustment' : 'call',
    ...(manual
      ? {
          adjusts: {
            entry: null,
            number: 1,
            cause: 'manual' as const,
            reason: 'test',
            by: 'test',
            status_before: 'priced' as const,
            status_after: 'priced' as const,
            usd_before: '0',
            usd_after: '1',
          },
        }
      : {}),
    source: 'test',
    started_at: startedAt,
    ended_at: startedAt,
    duration_ms: 1,
    provider: 'openai',
    api: 'chat.completions',
    stream: false,
    model_requested: given.model,
    model: given.model,
    response_id: `answer-${given.answer}`,
    outcome: given.outcome,
    http_status: 200,
    attempt: 1,
    usage,
    // Some figures come from elsewhere and match no charge.
    cost: given.own === undefined ? cost : { ...cost, usd: formatUsd(given.own), status: 'priced' },
    estimate: { input_tokens: 100, output_tokens: 50, method: 'test' },
    tags: {},
  };
}

const usageRow: fc.Arbitrary<UsageRow> = fc.record({
  at: at.map((time) => time.toISOString()),
  model: fc.constantFrom(...models),
  tier: fc.constantFrom(...tiers),
  long: fc.constant(null),
  geo: fc.constant(null),
  project: fc.constantFrom('mine', 'theirs', null),
  api_key: fc.constant(null),
  requests: fc.option(fc.integer({ min: 0, max: 5 })),
  tokens,
  units: fc.constantFrom<Record<string, number>>({}, { web_searches: 3 }),
});

const costRow: fc.Arbitrary<CostRow> = fc
  .record({
    day: fc.constantFrom(0, 24).map((hours) => new Date(from + hours * hour).toISOString()),
    model: fc.constantFrom(...models, null),
    tier: fc.constantFrom(...tiers, null),
    long: fc.constant(null),
    geo: fc.constant(null),
    kind: fc.constantFrom('input_uncached', 'cache_read', 'output', null),
    category: fc.constantFrom<CostRow['category']>('tokens', 'tokens', 'tokens', 'credit', 'other'),
    amount: fc.bigInt({ min: -(10n ** 10n), max: 10n ** 13n }),
    decimals: fc.integer({ min: 0, max: 12 }),
    quantity: fc.option(fc.integer({ min: 0, max: 5_000 })),
    project: fc.constantFrom('mine', 'theirs', null),
    label: fc.constantFrom('line one', 'line two'),
  })
  .map(({ amount, ...row }) => ({ ...row, usd: formatUsd(amount) }));

export const arbitraryCase: fc.Arbitrary<Case> = fc.record({
  entries: fc.uniqueArray(entry, { maxLength: 25, selector: (one) => one.id }),
  report: fc.record({
    provider: fc.constant('openai'),
    window: fc.constant({
      from: new Date(from).toISOString(),
      to: new Date(from + 48 * hour).toISOString(),
    }),
    bucket: fc.constant('hour' as const),
    usage: fc.option(fc.array(usageRow, { maxLength: 25 }), { freq: 5 }),
    costs: fc.option(fc.array(costRow, { maxLength: 12 }), { freq: 5 }),
    usage_until: fc.constant(null),
    costs_until: fc.constant(null),
    fetched_at: fc.constantFrom('2026-03-02T12:00:00.000Z', '2026-04-01T00:00:00.000Z'),
    notes: fc.constant([]),
  }),
  projects: fc.constantFrom([], ['mine']),
});

/** The test book's prices and names. */
export const rates = bookRates(book, 'openai', new Date(from).toISOString());

export function ledgerOf(entries: readonly Entry[], bucket: ReportBucket): LedgerCells {
  const ledger = new LedgerCells({ provider: 'openai', bucket, modelName: rates.modelName });
  for (const one of entries) ledger.add(one);
  for (const one of entries) ledger.addRepeats(one);
  return ledger;
}

export function runCase({ entries, report, projects }: Case): Reconciliation {
  return reconcile({
    id: 'case',
    ranAt: report.fetched_at,
    report,
    ledger: ledgerOf(entries, report.bucket),
    own: { projects, api_keys: [] },
    finalAfter: usualFinalAfter('openai'),
    rates,
  });
}

/** An ordinary call, priced by the test book; `changes` make it another. */
export function testEntry(
  startedAt: string,
  model: string,
  tokens: Partial<ReturnType<typeof emptyTokens>>,
  changes: Partial<Entry> = {},
  tier = 'default',
): Entry {
  const plain = toEntry({
    at: new Date(from),
    minutes: 0,
    model,
    tier,
    tokens,
    outcome: 'ok',
    usage: 'exact',
    answer: 2,
    id: 1,
    manual: false,
    own: undefined,
  });
  const { response_id: _, ...entry } = plain;
  return {
    ...entry,
    started_at: startedAt,
    id: `entry of ${startedAt} ${tier}`,
    duration_ms: counter++,
    ...changes,
  };
}
let counter = 1;
