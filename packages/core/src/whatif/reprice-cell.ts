import { divideHalfEven, type Picodollars } from '../money.js';
import type { ModelName } from '../pricing/model-prices.js';
import { canonicalProvider } from '../usage/providers.js';
import type { Cell } from './gather-cells.js';
import {
  priceTokens,
  totalOf,
  type ModelRates,
  type Obstacle,
  type RateLookup,
} from './model-rates.js';
import type { Scenario } from './scenario.js';
import type { CacheShares } from './simulated-cache.js';
import { sameTokens, tokenShift } from './token-shift.js';
import { scenarioTokens } from './scenario-tokens.js';
import { inputOf, mapTokens, tokenKinds, type TokenSums } from './usage-sums.js';

/** Why calls cannot be priced as the scenario would have them. */
export type Incomparable =
  /** They have no cost themselves. */
  | 'unpriced'
  /** No model can be moved to: the scenario's is not known. */
  | Obstacle
  /** They make vectors, images, sound or scores, which no chat model does. */
  | 'other_kind_of_call';

export interface Range {
  low: Picodollars;
  expected: Picodollars;
  high: Picodollars;
}

export interface RepricedCell {
  actual: Picodollars;
  /** What the prices at hand make of the same tokens: `actual`, where nothing but ordinary rates applied. */
  recomputed: Picodollars | null;
  /** Equal to `actual` where the calls stay what they were. */
  repriced: Range;
  /** Of the expected cost, what answers cost. */
  output: Picodollars;
  target: ModelName;
  /** Fees for searches, images and the like, which were taken over as they are. */
  fees: Picodollars;
  /** Whether every part of the figure follows from what was counted. */
  exact: boolean;
}

const otherKinds = /^(?:embed|images|audio|moderations|rerank|ocr|realtime)/;

/** Prices one cell as the scenario would have it, or says why that cannot be. */
export function repriceCell(
  cell: Cell,
  scenario: Scenario,
  target: ModelName | null,
  { booked, wanted }: { booked: RateLookup; wanted: RateLookup },
  cache: CacheShares | null = null,
): RepricedCell | Incomparable {
  const { usage, source, at } = cell;
  if (usage.cost === null) return 'unpriced';
  if (target === null) return 'unknown_model';
  const actual = usage.cost;
  const own = booked.rates({ model: source, at, inputTokens: sizeOf(cell), batch: false });
  const before = typeof own === 'string' ? null : priceTokens(usage.tokens, own);
  const recomputed = before === null ? null : totalOf(before);
  const paid = tokenCostOf(cell, actual, recomputed);
  const fees = actual - paid;
  const moves = !isSameModel(source, target);
  if (!moves && cache === null && !changesAnything(scenario)) {
    return staying(cell, { actual, recomputed, fees, target });
  }
  if (moves && otherKinds.test(cell.api)) return 'other_kind_of_call';
  if (paid === 0n && usage.calls > 0 && (recomputed ?? 0n) > 0n) {
    // What was free stays free: an answer that failed is billed nowhere.
    return staying(cell, { actual, recomputed, fees, target });
  }
  if (scenario.batch === true && !wanted.hasBatch(target)) return 'no_batch_price';
  const shift = moves ? tokenShift(source, target) : sameTokens;
  const price = (tokens: TokenSums, factor: number) =>
    priceAt(tokens, factor, cell, target, scenario, wanted);
  const variants = scenarioTokens(cell, scenario, isSameProvider(cell.source, target), cache);
  const [low, expected, high] = [
    price(variants.low, shift.low),
    price(variants.expected, shift.expected),
    price(variants.high, shift.high),
  ];
  for (const each of [low, expected, high]) if (typeof each === 'string') return each;
  const [least, usual, most] = [low, expected, high] as [Priced, Priced, Priced];
  const scaled = (amount: Picodollars) =>
    asPaid(amount, { cell, target, scenario, paid, recomputed });
  const amounts = [least.total, usual.total, most.total].map(scaled);
  const sorted = amounts.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const certain = scenario.batch === true && paid !== recomputed ? [...sorted, paid] : sorted;
  return {
    actual,
    recomputed,
    repriced: {
      low: fees + certain.reduce((a, b) => (a < b ? a : b)),
      expected: fees + amounts[1]!,
      high: fees + certain.reduce((a, b) => (a > b ? a : b)),
    },
    output: scaled(usual.output),
    target,
    fees,
    exact: sorted[0] === sorted[2] && isRounding(paid, recomputed, usage.calls),
  };
}

/** Rates of less than a picodollar are rounded call by call where they are booked. */
function isRounding(paid: Picodollars, recomputed: Picodollars | null, calls: number): boolean {
  if (recomputed === null) return false;
  const difference = paid > recomputed ? paid - recomputed : recomputed - paid;
  return difference <= BigInt(Math.max(calls, 0)) * BigInt(tokenKinds.length);
}

function staying(
  { usage }: Cell,
  known: Pick<RepricedCell, 'actual' | 'recomputed' | 'fees' | 'target'>,
): RepricedCell {
  const { actual, recomputed, fees } = known;
  return {
    ...known,
    repriced: { low: actual, expected: actual, high: actual },
    output: 0n,
    exact: isRounding(actual - fees, recomputed, usage.calls),
  };
}

/** What the tokens were booked at. A stated cost without charges is for the tokens, as far as is known. */
function tokenCostOf(cell: Cell, actual: Picodollars, recomputed: Picodollars | null): Picodollars {
  const charged = actual - cell.usage.other;
  if (cell.stated) return actual;
  return charged === 0n && recomputed !== null && recomputed > 0n && actual > 0n ? actual : charged;
}

function changesAnything(scenario: Scenario): boolean {
  const { batch, cache_hit_ratio, history_cap, output_cap, output_factor, price } = scenario;
  return (
    batch === true ||
    [cache_hit_ratio, history_cap, output_cap, output_factor, price].some(
      (value) => value !== undefined,
    )
  );
}

export function isSameModel(a: ModelName, b: ModelName): boolean {
  return isSameProvider(a, b) && a.model.toLowerCase() === b.model.toLowerCase();
}

export function isSameProvider(a: ModelName, b: ModelName): boolean {
  return canonicalProvider(a.provider) === canonicalProvider(b.provider);
}

/** Input tokens of one call of the cell, on average and not below its class. */
function sizeOf({ usage, inputOver }: Cell): number {
  const average = usage.calls > 0 ? inputOf(usage.tokens) / usage.calls : 0;
  return inputOver === null ? average : Math.max(average, inputOver + 1);
}

interface Priced {
  total: Picodollars;
  output: Picodollars;
}

function priceAt(
  tokens: TokenSums,
  factor: number,
  cell: Cell,
  target: ModelName,
  scenario: Scenario,
  wanted: RateLookup,
): Priced | Incomparable {
  const shifted = mapTokens(tokens, (count) => Math.round(count * factor));
  const calls = Math.max(cell.usage.calls, 1);
  const rates: ModelRates | Obstacle = wanted.rates({
    model: target,
    at: cell.at,
    // A class keeps its side of the bound, unless tokens themselves change.
    inputTokens:
      factor === 1 && tokens === cell.usage.tokens ? sizeOf(cell) : inputOf(shifted) / calls,
    batch: scenario.batch === true,
  });
  if (typeof rates === 'string') return rates;
  const prices = priceTokens(shifted, rates);
  return prices === null ? 'other_kind_of_call' : { total: totalOf(prices), output: prices.output };
}

/**
 * At the same provider, what the calls' cost differed from ordinary rates by (a region, a tier, a stated
 * cost) is taken to stay. Batches have a rate of their own, whatever the tier was before.
 */
function asPaid(
  amount: Picodollars,
  facts: {
    cell: Cell;
    target: ModelName;
    scenario: Scenario;
    paid: Picodollars;
    recomputed: Picodollars | null;
  },
): Picodollars {
  const { cell, target, scenario, paid, recomputed } = facts;
  if (recomputed === null || recomputed === paid || recomputed <= 0n) return amount;
  if (!isSameProvider(cell.source, target)) return amount;
  if (scenario.batch === true && paid < recomputed) return amount < paid ? amount : paid;
  return divideHalfEven(amount * paid, recomputed);
}
