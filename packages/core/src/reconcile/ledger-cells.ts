import type { Entry } from '../entry.js';
import { parseUsdRounded, type Picodollars } from '../money.js';
import type { PriceRow } from '../pricing/charge.js';
import { canonicalProvider } from '../usage/providers.js';
import { emptyTokens, totalInput, type Usage } from '../usage/usage.js';
import { addUncertainty, noUncertainties, type Uncertainties } from './uncertainty.js';
import type { ReportBucket } from './provider-report.js';
import { apportion, rateFromPublished, type Rate } from './rate.js';
import { ResponseIdFilter } from './response-id-filter.js';
import {
  noTokens,
  tokenKindOfCharge,
  tokenKinds,
  type TokenCounts,
  type TokenKind,
} from './token-kinds.js';

/** What the ledger booked alike: one bucket of time, one model, one tier and price band. */
export interface LedgerCell {
  /** Start of the bucket, ISO 8601 in UTC. */
  at: string;
  model: string | null;
  tier: string;
  long: boolean;
  geo: string;
  /** Calls that a provider would count: answered, or left and broken off. */
  requests: number;
  tokens: TokenCounts;
  usd: Record<TokenKind, Picodollars>;
  /** Of `tokens`: those of calls whose cost is null. */
  unpriced: TokenCounts;
  /** Of the above: what belongs to answers that were booked before under another entry id. */
  repeated: { requests: number; tokens: TokenCounts };
  uncertain: Uncertainties;
  /** The rates that priced the tokens, and the price rows behind them. */
  rates: Partial<Record<TokenKind, Map<string, Rate>>>;
  prices: Map<string, PriceRow>;
}

/** Fees and amounts that are no tokens: by day and kind, or by day and model. */
export interface LedgerSum {
  day: string;
  name: string | null;
  quantity: number;
  usd: Picodollars;
}

export interface LedgerCellsOptions {
  provider: string;
  bucket: ReportBucket;
  /** One name for a model's aliases and dated ids; see `modelNames`. */
  modelName: (model: string) => string;
}

/** At most this many rates are kept per cell and kind: more than any price list has. */
const mostRates = 8;
/** Anthropic reports usage above this prompt size apart. */
const longContext = 200_000;

/**
 * Adds ledger entries up into cells, so that memory follows the number of cells and not that of
 * calls. Read the entries once with `add`; where `suspects` is not empty afterwards, read them a
 * second time with `addRepeats`, which finds answers that were booked twice.
 */
export class LedgerCells {
  readonly cells = new Map<string, LedgerCell>();
  readonly units = new Map<string, LedgerSum>();
  /** Adjusting entries made by hand, by day and model. */
  readonly manual = new Map<string, LedgerSum>();
  /** Costs that belong to no token and no unit, by day and model. */
  readonly uncategorised = new Map<string, LedgerSum>();
  readonly suspects = new Set<string>();
  /** Calls on paths that Farthing passes through without metering. */
  unmetered = 0;
  entries = 0;
  readonly #options: LedgerCellsOptions;
  readonly #filter = new ResponseIdFilter();
  readonly #firstOf = new Map<string, string>();

  constructor(options: LedgerCellsOptions) {
    this.#options = options;
  }

  add(entry: Entry): void {
    if (!this.#isOurs(entry)) return;
    this.entries++;
    const day = dayOf(entry.started_at);
    const model = entry.model === null ? null : this.#options.modelName(entry.model);
    if (entry.adjusts !== undefined && isManual(entry)) {
      return addSum(this.manual, day, model, 0, amountOf(entry));
    }
    if (entry.api === 'unmetered') {
      if (entry.cost.status !== 'not_billed') this.unmetered++;
      return;
    }
    const cell = this.#cell(entry, model);
    if (entry.kind === 'call') {
      const answer = answerOf(entry);
      if (answer !== null && this.#filter.seen(answer)) this.suspects.add(answer);
      if (entry.cost.status !== 'not_billed') cell.requests++;
      addUncertainty(cell.uncertain, entry);
    }
    const { usage, cost } = entry;
    for (const kind of tokenKinds) {
      const count = usage?.tokens[kind] ?? 0;
      cell.tokens[kind] += count;
      if (cost.usd === null) cell.unpriced[kind] += count;
    }
    if (cost.usd === null) return;
    if (entry.adjusts !== undefined && entry.adjusts.usd_before === null) {
      // The adjusted call's tokens were unpriced and are priced now.
      for (const charge of cost.charges) {
        const kind = tokenKindOfCharge(charge.kind);
        if (kind !== null) cell.unpriced[kind] -= charge.quantity;
      }
    }
    if (cost.price !== undefined && cell.prices.size < mostRates) {
      cell.prices.set(JSON.stringify(cost.price), cost.price);
    }
    this.#addCost(entry, cell, day, model);
  }

  /** Second reading, in the same order: the first entry of an answer counts, later ones are repeats. */
  addRepeats(entry: Entry): void {
    if (entry.kind !== 'call' || !this.#isOurs(entry) || entry.api === 'unmetered') return;
    const answer = answerOf(entry);
    if (answer === null || !this.suspects.has(answer)) return;
    const first = this.#firstOf.get(answer);
    if (first === undefined) this.#firstOf.set(answer, entry.id);
    if (first === undefined || first === entry.id) return;
    const model = entry.model === null ? null : this.#options.modelName(entry.model);
    const { repeated } = this.#cell(entry, model);
    repeated.requests++;
    for (const kind of tokenKinds) repeated.tokens[kind] += entry.usage?.tokens[kind] ?? 0;
  }

  #isOurs(entry: Entry): boolean {
    return canonicalProvider(entry.provider) === this.#options.provider;
  }

  /** The charges by kind; what the cost has beyond them goes to the tokens they are for. */
  #addCost(entry: Entry, cell: LedgerCell, day: string, model: string | null): void {
    const parts = new Map<TokenKind, Picodollars>();
    let charged = 0n;
    for (const charge of entry.cost.charges) {
      const amount = parseUsdRounded(charge.amount_usd);
      charged += amount;
      const kind = tokenKindOfCharge(charge.kind);
      if (kind === null) {
        addSum(this.units, day, charge.kind, charge.quantity, amount);
        continue;
      }
      parts.set(kind, (parts.get(kind) ?? 0n) + amount);
      const rates = (cell.rates[kind] ??= new Map());
      const name = `${charge.rate_usd}/${charge.per}`;
      if (!rates.has(name) && rates.size < mostRates) {
        rates.set(name, rateFromPublished(charge.rate_usd, charge.per));
      }
    }
    const beyond = amountOf(entry) - charged;
    if (beyond !== 0n) spreadOver(parts, beyond, entry.usage);
    if (parts.size === 0 && beyond !== 0n) addSum(this.uncategorised, day, model, 0, beyond);
    for (const [kind, amount] of parts) cell.usd[kind] += amount;
  }

  #cell(entry: Entry, model: string | null): LedgerCell {
    const at = bucketOf(entry.started_at, this.#options.bucket);
    const { tier, long, geo } = bandOf(entry);
    const key = [at, model, tier, long, geo].join('\n');
    let cell = this.cells.get(key);
    if (cell === undefined) {
      cell = {
        at,
        model,
        tier,
        long,
        geo,
        requests: 0,
        tokens: noTokens(),
        usd: noAmounts(),
        unpriced: noTokens(),
        repeated: { requests: 0, tokens: noTokens() },
        uncertain: noUncertainties(),
        rates: {},
        prices: new Map(),
      };
      this.cells.set(key, cell);
    }
    return cell;
  }
}

/** Start of the bucket that holds a time. */
export function bucketOf(time: string, bucket: ReportBucket): string {
  return bucket === 'hour' ? `${time.slice(0, 13)}:00:00.000Z` : dayOf(time);
}

export function dayOf(time: string): string {
  return `${time.slice(0, 10)}T00:00:00.000Z`;
}

/** The service tier under one name: `default` for what lists call standard. */
export function tierName(tier: string | null | undefined): string {
  const name = (tier ?? '').toLowerCase();
  if (['', 'default', 'standard', 'auto', 'on_demand'].includes(name)) return 'default';
  return name === 'fast' ? 'priority' : name;
}

function bandOf(entry: Entry): { tier: string; long: boolean; geo: string } {
  const { usage, context } = entry;
  return {
    tier: context?.batch === true ? 'batch' : tierName(usage?.modifiers.service_tier),
    long: totalInput(usage?.tokens ?? emptyTokens()) > longContext,
    geo: usage?.modifiers.inference_geo === 'us' ? 'us' : 'global',
  };
}

/**
 * What tells an answer from all others: its id or, where the provider gives none (embeddings), the
 * very same moment, model and counts. Null for calls without usage.
 */
function answerOf(entry: Entry): string | null {
  if (entry.response_id !== undefined) return entry.response_id;
  const { usage } = entry;
  if (usage === null || usage.estimated) return null;
  const counts = tokenKinds.map((kind) => usage.tokens[kind]);
  return [entry.started_at, entry.duration_ms, entry.api, entry.model, ...counts].join(' ');
}

function isManual({ adjusts }: Entry): boolean {
  return adjusts?.entry === null || adjusts?.cause === 'manual';
}

function amountOf(entry: Entry): Picodollars {
  return entry.cost.usd === null ? 0n : parseUsdRounded(entry.cost.usd);
}

/** By the computed charges where there are any (a reported cost), else by tokens (a cost alone). */
function spreadOver(
  parts: Map<TokenKind, Picodollars>,
  amount: Picodollars,
  usage: Usage | null,
): void {
  const byTokens = [...parts.values()].every((part) => part <= 0n);
  const kinds = byTokens
    ? tokenKinds.filter((kind) => (usage?.tokens[kind] ?? 0) > 0)
    : [...parts.keys()].filter((kind) => parts.get(kind)! > 0n);
  if (kinds.length === 0) return;
  const weights = kinds.map((kind) =>
    byTokens ? BigInt(usage?.tokens[kind] ?? 0) : parts.get(kind)!,
  );
  const shares = apportion(amount, weights);
  for (const [index, kind] of kinds.entries()) {
    parts.set(kind, (parts.get(kind) ?? 0n) + shares[index]!);
  }
}

function addSum(
  sums: Map<string, LedgerSum>,
  day: string,
  name: string | null,
  quantity: number,
  usd: Picodollars,
): void {
  const key = `${day}\n${name}`;
  const sum = sums.get(key);
  if (sum === undefined) sums.set(key, { day, name, quantity, usd });
  else {
    sum.quantity += quantity;
    sum.usd += usd;
  }
}

function noAmounts(): Record<TokenKind, Picodollars> {
  return {
    input_uncached: 0n,
    cache_read: 0n,
    cache_write: 0n,
    cache_write_5m: 0n,
    cache_write_1h: 0n,
    output: 0n,
  };
}
