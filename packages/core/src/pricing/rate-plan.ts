import type { ModelRule } from './model-index.js';
import type { DailyWindow, PriceConditions, PriceRule, Threshold } from './price-rows.js';
import { buildRateCard, type RateCard } from './rate-card.js';

/**
 * The rules for one model under fixed conditions, ready for calls that differ only in time and size.
 * Which rules apply to a call is a handful of number comparisons; the rates that follow are cached.
 */
export class RatePlan {
  /** The tier or speed that served the call, where it was not the ordinary one. */
  readonly #tier: string | undefined;
  readonly #rules: readonly CompiledRule[];
  /** By the rules that apply. */
  readonly #cards = new Map<number | string, RateCard>();

  constructor(rules: readonly ModelRule[], conditions: PriceConditions) {
    this.#tier = conditions.service_tier ?? conditions.speed;
    this.#rules = rules
      .filter(({ rule }) => conditionsHold(rule.when, conditions))
      .map(compileRule);
  }

  /** @param at milliseconds since the epoch. @param totalInput all input tokens, cached or not. */
  card(at: number, totalInput: number): RateCard {
    const key = this.#keyOf(at, totalInput);
    let card = this.#cards.get(key);
    if (card === undefined) {
      const rules = this.#rules.filter(({ applies }) => applies(at, totalInput));
      card = buildRateCard(
        rules.map(({ layered }) => layered),
        this.#tier,
      );
      this.#cards.set(key, card);
    }
    return card;
  }

  /** One binary digit for each rule: as a number, or as text where there are too many for one. */
  #keyOf(at: number, totalInput: number): number | string {
    const rules = this.#rules;
    if (rules.length > mostBits) {
      return rules.map(({ applies }) => (applies(at, totalInput) ? '1' : '0')).join('');
    }
    let key = 0;
    for (const rule of rules) key = (key << 1) | (rule.applies(at, totalInput) ? 1 : 0);
    return key;
  }
}

/** Small whole numbers are kept without room of their own. */
const mostBits = 30;

interface CompiledRule {
  layered: ModelRule;
  applies(at: number, totalInput: number): boolean;
}

function compileRule(layered: ModelRule): CompiledRule {
  const { rule } = layered;
  const from = rule.from === undefined ? Number.NEGATIVE_INFINITY : timeOf(rule.from, rule);
  const to = rule.to === undefined ? Number.POSITIVE_INFINITY : timeOf(rule.to, rule);
  const inWindow = rule.daily === undefined ? undefined : compileWindow(rule.daily, rule);
  const inBand = rule.threshold === undefined ? undefined : compileThreshold(rule.threshold);
  return {
    layered,
    applies: (at, totalInput) =>
      at >= from &&
      at < to &&
      (inBand === undefined || inBand(totalInput)) &&
      (inWindow === undefined || inWindow(at)),
  };
}

function conditionsHold(when: PriceConditions | undefined, facts: PriceConditions): boolean {
  for (const name in when) {
    const key = name as keyof PriceConditions;
    if (when[key] !== facts[key]) return false;
  }
  return true;
}

function compileThreshold({ op, tokens }: Threshold): (totalInput: number) => boolean {
  switch (op) {
    case 'gt':
      return (totalInput) => totalInput > tokens;
    case 'gte':
      return (totalInput) => totalInput >= tokens;
    case 'lt':
      return (totalInput) => totalInput < tokens;
    case 'lte':
      return (totalInput) => totalInput <= tokens;
  }
}

const day = 86_400_000;
/** 1970-01-01 was a Thursday. */
const firstWeekday = 4;

/** End exclusive; a window whose end is not after its start runs over midnight. */
function compileWindow({ start, end, days }: DailyWindow, rule: PriceRule) {
  const opens = timeOfDay(start, rule);
  const closes = timeOfDay(end, rule);
  const length = closes > opens ? closes - opens : closes - opens + day;
  return (at: number): boolean => {
    const sinceOpening = (((at - opens) % day) + day) % day;
    if (sinceOpening >= length) return false;
    const openedOn = Math.floor((at - sinceOpening) / day);
    return days === undefined || days.includes((((openedOn + firstWeekday) % 7) + 7) % 7);
  };
}

function timeOfDay(text: string, rule: PriceRule): number {
  return timeOf(`1970-01-01T${text}`, rule);
}

function timeOf(text: string, rule: PriceRule): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new Error(`Price rule for ${rule.provider}/${rule.model}: "${text}" is no time.`);
  }
  return time;
}
