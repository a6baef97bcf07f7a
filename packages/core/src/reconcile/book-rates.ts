import type { PriceBook } from '../pricing/price-book.js';
import { modelIdCandidates } from '../pricing/model-ids.js';
import { emptyTokens, type Usage } from '../usage/usage.js';
import { rateFromPublished, type Rate } from './rate.js';
import { tokenKindOfCharge, type TokenKind } from './token-kinds.js';

/** What a token is listed at. `at` is an ISO time. */
export interface RateQuestion {
  model: string;
  tier: string;
  long: boolean;
  geo: string;
  kind: TokenKind;
  at: string;
}

/** List prices and model names, as a reconciliation asks for them. */
export interface BookRates {
  /** Undefined where the price book has no price. */
  rate(question: RateQuestion): Rate | undefined;
  /** Price of one billed unit (`web_searches`), by model. */
  unitRate(model: string, unit: string, at: string): Rate | undefined;
  /** The book's id for a model, so that aliases and dated ids meet; its own name where unknown. */
  modelName(model: string): string;
  /** Whether the book prices the model. */
  knows(model: string): boolean;
}

const longPrompt = 900_000;
const mostRemembered = 50_000;

/** Asks a price book by pricing a call of one token, so that every layer and rule of it counts. */
export function bookRates(
  book: Pick<PriceBook, 'price'>,
  provider: string,
  /** Time at which model names are looked up: prices come and go. */
  at: string,
): BookRates {
  const rates = new Map<string, Rate | undefined>();
  const names = new Map<string, { name: string; known: boolean }>();
  const price = (model: string, at: string, usage: Usage) =>
    book.price({
      provider,
      api: 'reconcile',
      model,
      at,
      reading: { status: 'ok', usage },
      ...(usage.modifiers.service_tier === 'batch' ? { context: { batch: true } } : {}),
    });
  const resolve = (model: string) => {
    let found = names.get(model);
    if (found === undefined) {
      const usage = usageOf({ input_uncached: 1 });
      const row = price(model, at, usage).price;
      const candidates = modelIdCandidates(provider, model);
      found = {
        name: row?.model ?? candidates[candidates.length - 1] ?? model,
        known: row !== undefined,
      };
      if (names.size < mostRemembered) names.set(model, found);
    }
    return found;
  };
  const remembered = (key: string, find: () => Rate | undefined) => {
    if (rates.has(key)) return rates.get(key);
    const rate = find();
    if (rates.size < mostRemembered) rates.set(key, rate);
    return rate;
  };
  return {
    modelName: (model) => resolve(model).name,
    knows: (model) => resolve(model).known,
    rate: ({ model, tier, long, geo, kind, at }) =>
      remembered([model, tier, long, geo, kind, at].join('\n'), () => {
        const tokens: Partial<Record<TokenKind, number>> = { [kind]: 1 };
        if (long) tokens.input_uncached = longPrompt;
        const usage = usageOf(tokens, tier, geo);
        const { charges } = price(model, at, usage);
        const charge = charges.find((one) => tokenKindOfCharge(one.kind) === kind);
        return charge === undefined ? undefined : rateFromPublished(charge.rate_usd, charge.per);
      }),
    unitRate: (model, unit, at) =>
      remembered(['unit', model, unit, at].join('\n'), () => {
        const usage = { ...usageOf({ input_uncached: 1 }), units: { [unit]: 1 } };
        const charge = price(model, at, usage).charges.find((one) => one.kind === unit);
        if (charge === undefined) return undefined;
        return rateFromPublished(charge.rate_usd, charge.per);
      }),
  };
}

function usageOf(
  tokens: Partial<Record<TokenKind, number>>,
  tier = 'default',
  geo = 'global',
): Usage {
  return {
    tokens: { ...emptyTokens(), ...tokens },
    details: {},
    units: {},
    modifiers: {
      ...(tier === 'default' ? {} : { service_tier: tier }),
      ...(geo === 'us' ? { inference_geo: 'us' } : {}),
    },
    estimated: false,
    raw: null,
    notes: [],
  };
}
