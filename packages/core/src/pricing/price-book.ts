import type { Cost } from '../entry.js';
import { FarthingError } from '../errors.js';
import type { CallContext } from '../usage/call-context.js';
import { canonicalProvider } from '../usage/providers.js';
import {
  totalInput,
  type BilledUnits,
  type PriceModifiers,
  type RequestUsage,
  type Usage,
  type UsageReading,
} from '../usage/usage.js';
import { conditionsOf } from './call-facts.js';
import { callTime } from './call-time.js';
import { chargeShares, type Share } from './charge-shares.js';
import { chargeTokens, chargeTools, chargeUnits, emptyBill, type Bill } from './charges.js';
import { describeModel } from './describe-model.js';
import { ModelIndex } from './model-index.js';
import type { ModelName, ModelPrices } from './model-prices.js';
import { standsIn, unknownModel, unknownTwin } from './price-reasons.js';
import type { PriceConditions, PriceLayer } from './price-rows.js';
import { RatePlan } from './rate-plan.js';
import { obstacleIn, rowOf, settle, unpriced, withReported } from './settle-cost.js';
import { toolUnitPrefix } from './tool-prices.js';
import { tokenPrices, type TokenPrices } from './token-prices.js';
import { ToolRates } from './tool-rates.js';

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

export interface TokenPriceQuestion {
  provider: string;
  model: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** All input tokens, cached or not: they decide long-context bands. */
  inputTokens: number;
  /** False for calls that answer with vectors or scores: their models have no price of output. Default true. */
  hasOutput?: boolean;
  /** What the request asks for; the answer may be served otherwise. */
  modifiers?: PriceModifiers;
  context?: CallContext;
}

export interface PriceBookOptions {
  /**
   * A model whose prices stand in for unknown ones. Such a call is `partial` and says so. Never set by
   * default: an unknown price is unknown.
   */
  fallback?: ModelName;
}

const noModifiers: PriceModifiers = Object.freeze({});
const noUnits: BilledUnits = Object.freeze({});

/** Models come from callers, so the cache of resolved ones is bounded; it starts over when full. */
const mostPlans = 4_096;

/**
 * Prices calls. Rates come from layers in rising precedence: base (a published price list), overlay
 * (what that list lacks), override (the user's own); a cost that the provider itself reports wins
 * over them all and the computed one is kept beside it. Base and overlay are the public list price;
 * where the user's own rows make the cost another one, both are stated.
 */
export class PriceBook {
  readonly #layers: readonly PriceLayer[];
  readonly #index: ModelIndex;
  readonly #tools: ToolRates;
  readonly #fallback: ModelName | undefined;
  /** By provider, and by model with conditions. */
  readonly #plans = new Map<string, Map<string, RatePlan | null>>();
  #planCount = 0;

  /** Throws `unknown_fallback` when the fallback is no known model. */
  constructor(layers: readonly PriceLayer[], { fallback }: PriceBookOptions = {}) {
    this.#layers = layers;
    this.#index = new ModelIndex(layers);
    this.#tools = new ToolRates(layers);
    if (fallback === undefined) return;
    const provider = canonicalProvider(fallback.provider);
    if (this.#index.resolve(provider, fallback.model) === undefined) {
      throw new FarthingError('unknown_fallback', this.#unknownFallback(provider, fallback.model));
    }
    this.#fallback = { provider, model: fallback.model };
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
    const at = callTime(request.at);
    const { usage } = reading;
    const computed = this.#compute(request, canonicalProvider(request.provider), model, at, usage);
    const cost = withReported(computed, usage);
    if (reading.partial === undefined || cost.usd === null) return cost;
    const reason =
      cost.reason === undefined ? reading.partial : `${reading.partial}; ${cost.reason}`;
    return { ...cost, status: 'partial', reason };
  }

  /**
   * What tokens of a call of this size would cost, before it is made: the context and tier that apply
   * are in it. Null when the model has no known price per token.
   */
  tokenPrices(question: TokenPriceQuestion): TokenPrices | null {
    const {
      provider,
      model,
      at,
      inputTokens,
      hasOutput,
      modifiers = noModifiers,
      context,
    } = question;
    const asked = canonicalProvider(provider);
    const conditions = conditionsOf(asked, modifiers, noUnits, context);
    const plan = this.#plan(asked, model, conditions) ?? this.#fallbackPlan(conditions);
    if (plan === null) return null;
    const card = plan.card(at, inputTokens);
    const tier = conditions.service_tier ?? conditions.speed;
    return tier !== undefined && !card.tierKnown ? null : tokenPrices(card, hasOutput);
  }

  /** This book with one more layer over it; this one stays as it is. */
  over(layer: PriceLayer): PriceBook {
    const fallback = this.#fallback === undefined ? {} : { fallback: this.#fallback };
    return new PriceBook([...this.#layers, layer], fallback);
  }

  /** Whether some layer lists the model, under its own name or an alias. */
  knows(provider: string, model: string): boolean {
    return this.#index.resolve(canonicalProvider(provider), model) !== undefined;
  }

  /** Whether some layer lists this very id, as a model or as its alias: no date or prefix is taken off. */
  lists(provider: string, id: string): boolean {
    return this.#index.resolveExactly(canonicalProvider(provider), id) !== undefined;
  }

  /**
   * The model of a provider's price lists that has this id, or that it is an alias of; undefined where
   * none has it. Unlike {@link knows}, nothing of what other providers list or of the user's own rows.
   */
  listedModel(provider: string, id: string): string | undefined {
    return this.#index.listedModel(canonicalProvider(provider), id);
  }

  /** Everything that the book says about a model; null when no layer lists it. */
  describe(provider: string, model: string): ModelPrices | null {
    const asked = canonicalProvider(provider);
    const resolved = this.#index.resolve(asked, model);
    return resolved === undefined
      ? null
      : describeModel(asked, resolved, this.#index.aliases(resolved.provider, resolved.model));
  }

  /** The models that the book lists, of one provider or of all, sorted. */
  models(provider?: string): ModelName[] {
    const providers =
      provider === undefined ? this.#index.providers() : [canonicalProvider(provider)];
    return providers.flatMap((owner) =>
      this.#index.models(owner).map((model) => ({ provider: owner, model })),
    );
  }

  /** The listed model that an unknown one most likely means; null when none is close. */
  suggest(provider: string, model: string): ModelName | null {
    return this.#index.suggest(canonicalProvider(provider), model);
  }

  #compute(
    { context }: PriceRequest,
    provider: string,
    model: string | null,
    at: number,
    usage: Usage,
  ): Cost {
    if (usesOnlyTools(usage)) return this.#priceTools(usage, at);
    const { requests } = usage;
    const first = this.#share(requests?.[0] ?? usage, usage, provider, model, at, context);
    if ('status' in first) return first;
    const bill = emptyBill();
    const { card } = first;
    if (requests === undefined) chargeTokens(bill, card, first.tokens, first.details);
    else {
      // What sums several requests is priced request by request: bands and tiers are decided by each.
      const shares: Share[] = [];
      for (const request of requests) {
        const share = this.#share(request, usage, provider, model, at, context);
        if ('status' in share) return share;
        shares.push(share);
      }
      chargeShares(bill, shares);
    }
    const priced = first.standsIn ? this.#fallback : undefined;
    const remarks = priced === undefined ? [] : [standsIn(priced, provider, model)];
    chargeUnits(bill, card, usage.units);
    if (usage.nested !== undefined) this.#chargeNested(bill, remarks, provider, at, usage, context);
    const row = rowOf(bill, card);
    chargeTools(bill, this.#tools, usage.units, at);
    return settle(bill, {
      card,
      provider: priced?.provider ?? provider,
      model: priced?.model ?? model ?? '',
      row,
      remarks,
    });
  }

  /** Tokens of one request with the rates that hold for it, or why there are none. */
  #share(
    { tokens, details, modifiers }: RequestUsage,
    { units }: Usage,
    provider: string,
    model: string | null,
    at: number,
    context: CallContext | undefined,
  ): (Share & { standsIn: boolean }) | Cost {
    const conditions = conditionsOf(provider, modifiers, units, context);
    const own = model === null ? null : this.#plan(provider, model, conditions);
    const plan = own ?? this.#fallbackPlan(conditions);
    if (plan === null) return unpriced('unknown_model', this.#unknown(provider, model));
    const card = plan.card(at, totalInput(tokens));
    const standsFor = own === null ? this.#fallback : undefined;
    const obstacle = obstacleIn(
      card,
      conditions,
      standsFor?.provider ?? provider,
      standsFor?.model ?? model ?? '',
    );
    return obstacle ?? { card, tokens, details, standsIn: own === null };
  }

  /** Usage of other models inside the same answer, each at its own rates. */
  #chargeNested(
    bill: Bill,
    remarks: string[],
    provider: string,
    at: number,
    usage: Usage,
    context: CallContext | undefined,
  ): void {
    // How fast a call was answered is said of its own model.
    const { speed: _, ...shared } = usage.modifiers;
    const shares = new Map<string, Share[]>();
    for (const { tokens, model, modifiers = shared } of usage.nested ?? []) {
      const conditions = conditionsOf(provider, modifiers, usage.units, context);
      const own = this.#plan(provider, model, conditions);
      const card = (own ?? this.#fallbackPlan(conditions))?.card(at, totalInput(tokens));
      if (card === undefined || obstacleIn(card, conditions, provider, model) !== undefined) {
        bill.unpricedUnits.push(`tokens of ${model}`);
        continue;
      }
      const share = { card, tokens, details: {}, model };
      const known = shares.get(model);
      if (known !== undefined) known.push(share);
      else shares.set(model, [share]);
      if (own === null && known === undefined && this.#fallback !== undefined) {
        remarks.push(standsIn(this.#fallback, provider, model));
      }
    }
    for (const ofModel of shares.values()) chargeShares(bill, ofModel);
  }

  /** Tools of the user's own have a price whatever model called them, and without any. */
  #priceTools(usage: Usage, at: number): Cost {
    const bill = emptyBill();
    chargeTools(bill, this.#tools, usage.units, at);
    return settle(bill, { row: bill.firstRow, remarks: [] });
  }

  #fallbackPlan(conditions: PriceConditions): RatePlan | null {
    const model = this.#fallback;
    return model === undefined ? null : this.#plan(model.provider, model.model, conditions);
  }

  #plan(provider: string, model: string, conditions: PriceConditions): RatePlan | null {
    // Nearly all calls have no conditions: no key has to be made of their model.
    let key = model;
    for (const name in conditions) {
      key += `\n${name}=${conditions[name as keyof PriceConditions]}`;
    }
    const known = this.#plans.get(provider)?.get(key);
    if (known !== undefined) return known;
    const resolved = this.#index.resolve(provider, model);
    const plan = resolved === undefined ? null : new RatePlan(resolved.rules, conditions);
    if (this.#planCount >= mostPlans) {
      this.#plans.clear();
      this.#planCount = 0;
    }
    const ofProvider = this.#plans.get(provider) ?? new Map<string, RatePlan | null>();
    this.#plans.set(provider, ofProvider.set(key, plan));
    this.#planCount++;
    return plan;
  }

  #unknown(provider: string, model: string | null): string {
    if (model === null) return 'neither the answer nor the request names a model';
    const target = this.#index.unknownTarget(provider, model);
    return target === undefined
      ? unknownModel(provider, model)
      : unknownTwin(provider, model, target);
  }

  #unknownFallback(provider: string, model: string): string {
    const near = this.#index.suggest(provider, model);
    const hint = near === null ? '' : ` Did you mean "${near.provider}/${near.model}"?`;
    return `The fallback "${provider}/${model}" is no known model: it must be one whose prices are known.${hint}`;
  }
}

/** Whether all that a call used is tools of the user's own. */
function usesOnlyTools({ tokens, units, nested }: Usage): boolean {
  let tools = false;
  for (const name in units) {
    if (units[name] === 0) continue;
    if (!name.startsWith(toolUnitPrefix)) return false;
    tools = true;
  }
  return tools && nested === undefined && totalInput(tokens) + tokens.output === 0;
}
