import type { AnswerBooks } from '../answer/answer-books.js';
import { buildFrame, type AnswerFrame } from '../answer/frame.js';
import type { CacheBooks } from '../cache/cache-report.js';
import { formatUsd } from '../money.js';
import type { ModelName } from '../pricing/model-prices.js';
import type { PriceBook } from '../pricing/price-book.js';
import type { Dimension, Filter, Window } from '../report/query.js';
import { describeWhatIf, reasonSentence } from './describe-what-if.js';
import { gatherCells, type Cell } from './gather-cells.js';
import { RateLookup } from './model-rates.js';
import { repriceCell, type Incomparable, type RepricedCell } from './reprice-cell.js';
import { checkTarget, scenarioPrices, targetOf, type Scenario } from './scenario.js';
import { simulatedCache, type SimulatedCache } from './simulated-cache.js';
import { stateAssumptions } from './state-assumptions.js';
import { Tally } from './tally.js';

export interface WhatIfRequest {
  scenario: Scenario;
  /** What savings are told by; default: feature. */
  by?: Dimension[];
  window: Window;
  filters?: Filter[];
  /** Most groups; default 1,000. */
  limit?: number;
  /** ISO 8601. */
  now: string;
}

/** An amount that is not known for certain: decimal strings in USD. */
export interface UsdRange {
  low: string;
  expected: string;
  high: string;
}

/** What some calls cost, and what they would have. */
export interface WhatIfFigures {
  calls: number;
  actual_usd: string;
  repriced_usd: UsdRange;
  /** `actual_usd` − `repriced_usd`; negative where it would have cost more. */
  savings_usd: UsdRange;
  /** The expected savings as a part of the actual cost; null where nothing was spent. */
  savings_share: number | null;
}

export interface WhatIfRow extends WhatIfFigures {
  /** The dimensions' values; null is unattributed. */
  group: Record<string, string | null>;
  /** What the calls ran on. */
  models: ModelName[];
  /** What they are priced as. */
  targets: ModelName[];
  /** Whether the range has no width because everything follows from what was counted. */
  exact: boolean;
}

/** Calls that are in no figure, by reason. */
export interface NotCompared extends Partial<ModelName> {
  reason: Incomparable;
  calls: number;
  /** What they cost; null where that is unknown. */
  usd: string | null;
  sentence: string;
}

export interface WhatIf extends WhatIfFigures {
  frame: AnswerFrame;
  /** One sentence for people. */
  summary: string;
  scenario: Scenario;
  by: Dimension[];
  /** The largest expected savings first. */
  rows: WhatIfRow[];
  truncated: boolean;
  not_compared: NotCompared[];
  /**
   * What the prices at hand make of the same tokens on the same models: `actual_usd`, where all were booked
   * at ordinary rates that have not changed since.
   */
  recomputed_usd: string;
  /** What a tenth more (or less) in the answers would change, on the other model. */
  tenth_of_output_usd: string;
}

/**
 * What the calls of a window would have cost otherwise: on another model, in batches, with more of them
 * from the cache, with less history or shorter answers. Worked out from sums of calls that are priced
 * alike, at the prices of their own time; answers are taken to be as long as they were.
 *
 * Throws `unknown_model` and `unknown_provider` (with suggestions), `invalid_prices`, `invalid_scenario`.
 */
export async function buildWhatIf(
  books: Pick<AnswerBooks, 'query'> & Partial<Pick<CacheBooks, 'prefixes'>>,
  prices: PriceBook,
  request: WhatIfRequest,
): Promise<WhatIf> {
  const { scenario, by = ['feature'], window, filters = [], limit = 1_000, now } = request;
  const wantedPrices = scenarioPrices(prices, scenario);
  checkTarget(wantedPrices, scenario);
  const lookups = { booked: new RateLookup(prices), wanted: new RateLookup(wantedPrices) };
  const { cells, notes } = await gatherCells(
    books,
    lookups.wanted,
    {
      by,
      window,
      filters,
      outputCap: scenario.output_cap,
      historyCap: scenario.history_cap,
    },
    (source) => {
      const target = targetOf(wantedPrices, scenario, source);
      return target === null ? [] : [target];
    },
  );
  const cacheOf = await cacheFor(books, prices, scenario, { by, window, filters, now });
  const targets = new Map<string, ModelName | null>();
  const outcomes = cells.map((cell) => {
    const key = `${cell.source.provider}\n${cell.source.model}`;
    let target = targets.get(key);
    if (target === undefined) {
      target = targetOf(wantedPrices, scenario, cell.source);
      targets.set(key, target);
    }
    return { cell, outcome: repriceCell(cell, scenario, target, lookups, cacheOf?.(cell) ?? null) };
  });
  const compared = outcomes.filter((each): each is Compared => typeof each.outcome !== 'string');
  const total = new Tally();
  const groups = new Map<string, Group>();
  for (const { cell, outcome } of compared) {
    total.add(cell, outcome);
    const key = JSON.stringify(Object.values(cell.group));
    const group = groups.get(key) ?? { group: cell.group, tally: new Tally() };
    groups.set(key, group);
    group.tally.add(cell, outcome);
  }
  const rows = [...groups.values()]
    .toSorted((a, b) => compare(b.tally.saved, a.tally.saved))
    .map(({ group, tally }) => ({ group, ...tally.row() }));
  const figures = total.figures();
  const answer: Omit<WhatIf, 'summary' | 'frame'> = {
    scenario,
    by,
    ...figures,
    recomputed_usd: formatUsd(total.recomputed),
    tenth_of_output_usd: formatUsd(total.output / 10n),
    rows: rows.slice(0, limit),
    truncated: rows.length > limit,
    not_compared: notCompared(outcomes),
  };
  const frame = await buildFrame(books, {
    window,
    filters,
    now,
    estimated: stateAssumptions(scenario, compared, total.otherRates),
  });
  frame.notes.push(...notes, ...unplayed(compared, cacheOf));
  return { frame, summary: describeWhatIf(answer), ...answer };
}

/** Undefined where no setting is asked for, or the store keeps no fingerprints. */
async function cacheFor(
  books: Pick<AnswerBooks, 'query'> & Partial<Pick<CacheBooks, 'prefixes'>>,
  prices: PriceBook,
  { cache }: Scenario,
  scope: Parameters<typeof simulatedCache>[3],
): Promise<SimulatedCache | undefined> {
  const prefixes = books.prefixes;
  if (cache === undefined) return undefined;
  if (prefixes === undefined) return () => null;
  return simulatedCache(
    { query: (query) => books.query(query), prefixes: (search) => prefixes.call(books, search) },
    prices,
    cache,
    scope,
  );
}

/** Calls whose cache stays as it was. */
function unplayed(compared: readonly Compared[], cacheOf: SimulatedCache | undefined): string[] {
  if (cacheOf === undefined) return [];
  const calls = compared
    .filter(({ cell }) => cacheOf(cell) === null)
    .reduce((sum, { cell }) => sum + cell.usage.calls, 0);
  return calls === 0
    ? []
    : [
        `The cache of ${calls.toLocaleString('en-US')} calls stays as it was: their provider has no such setting, their prompts are too short, or too few of them have fingerprints. Give cache_hit_ratio instead.`,
      ];
}

interface Outcome {
  cell: Cell;
  outcome: RepricedCell | Incomparable;
}
export interface Compared {
  cell: Cell;
  outcome: RepricedCell;
}
interface Group {
  group: Record<string, string | null>;
  tally: Tally;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function notCompared(outcomes: readonly Outcome[]): NotCompared[] {
  const reasons = new Map<
    string,
    { sample: Cell; reason: Incomparable; calls: number; usd: bigint | null }
  >();
  for (const { cell, outcome } of outcomes) {
    if (typeof outcome !== 'string' || cell.usage.calls <= 0) continue;
    const key = `${outcome}\n${cell.source.provider}\n${cell.source.model}`;
    const known = reasons.get(key) ?? { sample: cell, reason: outcome, calls: 0, usd: null };
    reasons.set(key, known);
    known.calls += cell.usage.calls;
    if (cell.usage.cost !== null) known.usd = (known.usd ?? 0n) + cell.usage.cost;
  }
  return [...reasons.values()]
    .toSorted((a, b) => compare(b.usd ?? 0n, a.usd ?? 0n) || b.calls - a.calls)
    .map(({ sample, reason, calls, usd }) => ({
      reason,
      ...(sample.source.model === '' ? {} : sample.source),
      calls,
      usd: usd === null ? null : formatUsd(usd),
      sentence: reasonSentence(reason, sample.source),
    }));
}
