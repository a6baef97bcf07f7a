import { FarthingError } from '../../errors.js';
import { isFields } from '../../usage/fields.js';
import { ruleLayer, type PriceLayer } from '../price-rows.js';
import { baseRules, type BaseModel } from './base-model.js';
import { checkBase } from './check-base.js';

/** Provider → providers whose price list is used where it has no entry of its own. */
export type BaseFallbacks = Readonly<Record<string, readonly string[]>>;

/** A complete base of the price book: every model's list prices, under one name. */
export interface BaseEdition {
  /** Name and edition, recorded with every price: `genai-prices@2026-11-22.3f2a91c0`. */
  book: string;
  fallbacks: BaseFallbacks;
  models: BaseModel[];
}

/** Providers whose list holds where this one has no entry (Azure → OpenAI). */
export function baseFallbacksOf(fallbacks: BaseFallbacks, provider: string): readonly string[] {
  const listed = (name: string) => (Object.hasOwn(fallbacks, name) ? (fallbacks[name] ?? []) : []);
  // Vertex sells what AI Studio sells, at the same list prices, and others' models besides.
  return provider === 'google-vertex' ? ['google', ...listed('google')] : listed(provider);
}

/** An edition as the lowest layer of the price book. */
export function baseLayer({ book, fallbacks, models }: BaseEdition): PriceLayer {
  return {
    ...ruleLayer(
      'base',
      book,
      models.flatMap((model) => baseRules(model, book)),
    ),
    fallbacks: (provider) => baseFallbacksOf(fallbacks, provider),
  };
}

/**
 * Reads a stored edition back. Throws `price_list_invalid` when it is damaged or has a rate that
 * cannot be true.
 */
export function readBaseEdition(value: unknown): BaseEdition {
  if (!isFields(value) || typeof value['book'] !== 'string' || !isFields(value['fallbacks'])) {
    throw damaged('it lacks "book" or "fallbacks"');
  }
  const models = value['models'];
  if (!Array.isArray(models) || !models.every(isBaseModel))
    throw damaged('its models are not rows');
  const fallbacks: Record<string, string[]> = {};
  for (const [provider, others] of Object.entries(value['fallbacks'])) {
    if (!isNames(others)) throw damaged(`the fallbacks of ${provider} are no list of names`);
    fallbacks[provider] = others;
  }
  const [problem] = checkBase(models);
  if (problem !== undefined) throw damaged(problem);
  return { book: value['book'], fallbacks, models };
}

/** Enough for {@link checkBase} to say the rest. */
function isBaseModel(value: unknown): value is BaseModel {
  return (
    isFields(value) &&
    typeof value['provider'] === 'string' &&
    typeof value['model'] === 'string' &&
    (value['aliases'] === undefined || isNames(value['aliases'])) &&
    Array.isArray(value['rows']) &&
    value['rows'].every((row) => isFields(row) && isFields(row['rates']))
  );
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function damaged(what: string): FarthingError {
  return new FarthingError('price_list_invalid', `The stored price list is damaged: ${what}.`);
}
