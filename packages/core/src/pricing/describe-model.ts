import { callTime } from './call-time.js';
import type { ModelRule, ResolvedModel } from './model-index.js';
import type {
  EffectiveRate,
  EffectiveRates,
  ModelPriceRow,
  ModelPrices,
  RateSituation,
} from './model-prices.js';
import type { RateCard } from './rate-card.js';
import { RatePlan } from './rate-plan.js';

/** What a resolved model looks like to people: every row about it, and the rates at any time. */
export function describeModel(
  provider: string,
  resolved: ResolvedModel,
  aliases: string[],
): ModelPrices {
  return {
    provider,
    model: resolved.model,
    owner: resolved.provider,
    match: resolved.match,
    matched_id: resolved.matchedId,
    ...(resolved.sameAs === undefined ? {} : { same_as: resolved.sameAs }),
    aliases,
    rows: resolved.rules.map(rowOf),
    ratesAt: (situation) => ratesAt(resolved.rules, situation),
  };
}

function rowOf({ rule, layer }: ModelRule): ModelPriceRow {
  return { ...rule, layer: layer.kind, book: layer.book };
}

function ratesAt(
  rules: readonly ModelRule[],
  { at, conditions = {}, input_tokens = 0 }: RateSituation,
): EffectiveRates {
  const card = new RatePlan(rules, conditions).card(callTime(at), input_tokens);
  const rates = effectiveRates(card);
  return card.contract === undefined ? { rates } : { rates, contract: card.contract };
}

function effectiveRates({ rates, minimum }: RateCard): EffectiveRate[] {
  return [...rates].map(([unit, { rate, per, list, source, row }]) => {
    const least = minimum.get(unit);
    return {
      unit,
      rate_usd: rate,
      per,
      ...(list === undefined ? {} : { list_rate_usd: list.rate }),
      source,
      price: row,
      ...(least === undefined ? {} : { minimum: least }),
    };
  });
}
