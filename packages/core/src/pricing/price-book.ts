import type { Cost } from '../entry.js';
import { FarthingError } from '../errors.js';
import { formatUsd, maxPicodollars } from '../money.js';
import type { CallContext } from '../usage/call-context.js';
import { canonicalProvider } from '../usage/providers.js';
import { totalInput, type Usage, type UsageReading } from '../usage/usage.js';
import type { CostStatus } from './charge.js';
import { conditionsOf } from './call-facts.js';
import { chargeShares, type Share } from './charge-shares.js';
import { chargeUnits, emptyBill, sourceOf, type Bill } from './charges.js';
import { ModelIndex } from './model-index.js';
import type { ModelName, ModelPrices } from './model-prices.js';
import type { PriceConditions, PriceLayer } from './price-rows.js';
import type { RateCard } from './rate-card.js';
import { RatePlan } from './rate-plan.js';

export interface PriceRequest {
  provider: string;
  api: string;
  /** The model to price: the one that answered. Null when neither answer nor request names one. */
  model: string | null;
  /** When the call was made: ISO 8601, or milliseconds since the epoch. Prices hold as of then. */
  at: string | number;
  reading: UsageReading;
  context?: CallContext;
}

export interface PriceBookOptions {
  /**
   * A model whose prices stand in for unknown ones. Such a call is `partial` and says so. Never set by
   * default: an unknown price is unknown.
   */
  fallback?: ModelName;
}

/** Models come from callers, so the cache of resolved ones is bounded; it starts over when full. */
const mostPlans = 4_096;

/**
 * Prices calls. Rates come from layers in rising precedence: base (a published price list), overlay
 * (what that list lacks), override (the user's own); a cost that the provider itself reports wins
 * over them all and the computed one is kept beside it.
 */
export class PriceBook {
  readonly #index: ModelIndex;
  readonly #plans = new Map<string, RatePlan | null>();

  /** Throws `unknown_fallback` when the fallback is no known model. */
  constructor(layers: readonly PriceLayer[], options: PriceBookOptions = {}) {
    void options;
    this.#index = new ModelIndex(layers);
  }

  /**
   * The cost of one call, with every charge and the price row behind it. Token charges are disjoint
   * buckets × the rates of the call's own time, tier and size; each is rounded once, half to even.
   * An unknown model gives null with a reason, never 0. Throws `invalid_time` when `at` is no time.
   */
  price(request: PriceRequest): Cost {
    const { reading, model } = request;
    if (reading.status !== 'ok') {
      const usd = reading.status === 'not_billed' ? '0' : null;
      return { usd, status: reading.status, reason: reading.reason, charges: [] };
    }
    const at = typeof request.at === 'number' ? request.at : Date.parse(request.at);
    if (Number.isNaN(at)) {
      throw new FarthingError('invalid_time', `"${request.at}" is no time. Write ISO 8601.`);
    }
    const { usage } = reading;
    const computed = this.#compute(request, canonicalProvider(request.provider), model, at, usage);
    const cost = withReported(computed, usage);
    if (reading.partial === undefined || cost.usd === null) return cost;
    const reason =
      cost.reason === undefined ? reading.partial : `${reading.partial}; ${cost.reason}`;
    return { ...cost, status: 'partial', reason };
  }

  /** Whether some layer lists the model, under its own name or an alias. */
  knows(provider: string, model: string): boolean {
    return this.#index.resolve(canonicalProvider(provider), model) !== undefined;
  }

  /** Everything that the book says about a model; null when no layer lists it. */
  describe(provider: string, model: string): ModelPrices | null {
    void provider;
    void model;
    return null;
  }

  /** The models that the book lists, of one provider or of all, sorted. */
  models(provider?: string): ModelName[] {
    void provider;
    return [];
  }

  /** The listed model that an unknown one most likely means; null when none is close. */
  suggest(provider: string, model: string): ModelName | null {
    void provider;
    void model;
    return null;
  }

  #compute(
    { context }: PriceRequest,
    provider: string,
    model: string | null,
    at: number,
    usage: Usage,
  ): Cost {
    if (model === null) {
      return unpriced('unknown_model', 'neither the answer nor the request names a model');
    }
    // What sums several requests is priced request by request: bands and tiers are decided by each.
    const shares: Share[] = [];
    for (const request of usage.requests ?? [usage]) {
      const { tokens, details, modifiers } = request;
      const conditions = conditionsOf(provider, { modifiers, units: usage.units }, context);
      const plan = this.#plan(provider, model, conditions);
      if (plan === null) return unpriced('unknown_model', unknownModel(provider, model));
      const card = plan.card(at, totalInput(tokens));
      const obstacle = obstacleIn(card, conditions, provider, model);
      if (obstacle !== undefined) return obstacle;
      shares.push({ card, tokens, details });
    }
    const [{ card }] = shares as [Share];

    const bill = emptyBill();
    chargeShares(bill, shares);
    chargeUnits(bill, card, usage.units);
    const missing = [...bill.unpricedUnits];
    const nestedShares: Share[] = [];
    for (const { tokens, model: nested } of usage.nested ?? []) {
      const conditions = conditionsOf(provider, usage, context);
      const nestedCard = this.#plan(provider, nested, conditions)?.card(at, totalInput(tokens));
      if (nestedCard === undefined) missing.push(`tokens of ${nested}`);
      else nestedShares.push({ card: nestedCard, tokens, details: {}, model: nested });
    }
    chargeShares(bill, nestedShares);
    return settle(bill, missing, card, provider, model);
  }

  #plan(provider: string, model: string, conditions: PriceConditions): RatePlan | null {
    let key = `${provider}\n${model}`;
    for (const name in conditions) {
      key += `\n${name}=${conditions[name as keyof PriceConditions]}`;
    }
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    const resolved = this.#index.resolve(provider, model);
    const plan = resolved === undefined ? null : new RatePlan(resolved, conditions);
    if (this.#plans.size >= mostPlans) this.#plans.clear();
    this.#plans.set(key, plan);
    return plan;
  }
}

function obstacleIn(
  card: RateCard,
  conditions: PriceConditions,
  provider: string,
  model: string,
): Cost | undefined {
  if (card.contract !== undefined) return unpriced('contract_required', card.contract);
  const tier = conditions.service_tier ?? conditions.speed;
  if (tier === undefined || card.tierKnown) return undefined;
  return unpriced(
    'unknown_model',
    `no price for tier "${tier}" of model "${model}" (${provider}): add its rates to your own prices (\`prices\` in farthing.yaml)`,
  );
}

function settle(
  bill: Bill,
  missing: readonly string[],
  card: RateCard,
  provider: string,
  model: string,
): Cost {
  if (bill.unpricedTokens.length > 0) {
    const reason = `model "${model}" (${provider}) has no rate for ${bill.unpricedTokens.join(', ')} tokens at that time`;
    return unpriced('unknown_model', reason);
  }
  if (card.rates.has('gpu_seconds') && bill.charges.length === 0) {
    const reason = `model "${model}" (${provider}) is priced by GPU time, and the call states none: give context.gpu_seconds`;
    return unpriced('no_usage', reason);
  }
  if (bill.total > maxPicodollars) {
    return unpriced('invalid_usage', 'the cost exceeds 9.2 million USD for one call');
  }
  const cost: Cost = {
    usd: formatUsd(bill.total),
    status: 'priced',
    source: sourceOf(bill.used),
    charges: bill.charges,
  };
  const row = card.rates.get('input')?.row ?? bill.used[0]?.row;
  if (row !== undefined) cost.price = row;
  if (missing.length === 0) return cost;
  if (bill.charges.length === 0) {
    const reason = `model "${model}" (${provider}) has no rate for ${missing.join(', ')}`;
    return unpriced('unknown_model', reason);
  }
  return { ...cost, status: 'partial', reason: `no rate is known for ${missing.join(', ')}` };
}

/** The provider's own statement is the bill; a client's own record only stands beside it. */
function withReported(computed: Cost, usage: Usage): Cost {
  const { reported } = usage;
  if (reported === undefined) return computed;
  if (reported.authority === 'client') return { ...computed, reported_usd: reported.usd };
  const { reason: _, ...rest } = computed;
  const cost: Cost = {
    ...rest,
    usd: reported.usd,
    status: 'priced',
    source: 'reported',
    reported_usd: reported.usd,
  };
  if (computed.usd !== null) cost.computed_usd = computed.usd;
  return cost;
}

function unpriced(status: CostStatus, reason: string): Cost {
  return { usd: null, status, reason, charges: [] };
}

function unknownModel(provider: string, model: string): string {
  const shown = model.length > 120 ? `${model.slice(0, 120)}…` : model;
  return `no price for model "${shown}" of provider "${provider}": add its rates, or declare it as an alias of a known model, in your own prices (\`prices\` in farthing.yaml)`;
}
