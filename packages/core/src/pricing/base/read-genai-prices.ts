import { FarthingError } from '../../errors.js';
import { isFields, type Fields } from '../../usage/fields.js';
import type {
  GenaiDatedPrices,
  GenaiMatch,
  GenaiModel,
  GenaiPrices,
  GenaiProvider,
  GenaiTiers,
} from './genai-prices-data.js';

/** More than a person reads at once; the rest is counted. */
const mostProblems = 20;
/** The longest pattern of the source has 40 characters; a hostile one must not keep a matcher busy. */
const longestPattern = 200;
const nestedQuantifier = /[*+}]\)*\)[*+{]/;
const longestName = 256;
const deepestMatch = 8;

/**
 * Checks that a value is the data of genai-prices and returns what of it Farthing reads. Throws
 * `price_list_invalid` with every problem found (the first {@link mostProblems} of them), by its place.
 */
export function readGenaiPrices(value: unknown): GenaiProvider[] {
  const reader = new Reader();
  if (!Array.isArray(value)) {
    const shown = isFields(value) ? 'an object' : value === null ? 'null' : `a ${typeof value}`;
    throw new FarthingError(
      'price_list_invalid',
      `This is ${shown}, not the data of genai-prices, which is a list of providers ({id, models: [{id, match, prices}]}). To use a price file of your own, name it under price_book.files.`,
    );
  }
  if (value.length === 0) reader.problem('the list', 'is empty');
  const providers = value.map((item: unknown, index) => reader.provider(item, `[${index}]`));
  reader.finish();
  return providers;
}

class Reader {
  readonly #problems: string[] = [];
  #count = 0;

  problem(where: string, what: string): void {
    this.#count += 1;
    if (this.#problems.length < mostProblems) this.#problems.push(`${where} ${what}`);
  }

  finish(): void {
    if (this.#count === 0) return;
    const rest = this.#count - this.#problems.length;
    const further = rest > 0 ? [`and ${rest} more`] : [];
    throw new FarthingError(
      'price_list_invalid',
      `The price list is not usable: ${[...this.#problems, ...further].join('; ')}.`,
    );
  }

  provider(value: unknown, place: string): GenaiProvider {
    const provider: GenaiProvider = { id: '', models: [] };
    if (!isFields(value)) {
      this.problem(place, 'must be a provider (an object)');
      return provider;
    }
    provider.id = this.#name(value, 'id', place);
    const where = provider.id === '' ? place : provider.id;
    const fallbacks = value['fallback_model_providers'];
    if (isNames(fallbacks)) provider.fallback_model_providers = [...fallbacks];
    else if (fallbacks != null) {
      this.problem(`${where}.fallback_model_providers`, 'must be a list of names');
    }
    const models = value['models'];
    if (!Array.isArray(models)) {
      this.problem(`${where}.models`, 'must be a list');
      return provider;
    }
    provider.models = models.map((model: unknown, index) =>
      this.#model(model, `${where}.models[${index}]`, where),
    );
    return provider;
  }

  #model(value: unknown, place: string, provider: string): GenaiModel {
    if (!isFields(value)) {
      this.problem(place, 'must be a model (an object)');
      return { id: '', match: { equals: '' }, prices: {} };
    }
    const id = this.#name(value, 'id', place);
    const where = id === '' ? place : `${provider}/${id}`;
    return {
      id,
      match: this.#match(value['match'], `${where}.match`, 0),
      prices: this.#priceList(value['prices'], `${where}.prices`),
    };
  }

  #match(value: unknown, where: string, depth: number): GenaiMatch {
    const [entry, ...others] = isFields(value) ? Object.entries(value) : [];
    const nothing: GenaiMatch = { equals: '' };
    if (entry === undefined || others.length > 0 || depth > deepestMatch) {
      this.problem(where, 'must be one pattern, e.g. {"equals": "gpt-4.1"}');
      return nothing;
    }
    const [kind, operand] = entry;
    if (kind === 'or' || kind === 'and') {
      if (!Array.isArray(operand)) {
        this.problem(`${where}.${kind}`, 'must be a list of patterns');
        return nothing;
      }
      const parts = operand.map((part: unknown) => this.#match(part, where, depth + 1));
      return kind === 'or' ? { or: parts } : { and: parts };
    }
    if (typeof operand !== 'string' || operand.length > longestName) {
      this.problem(`${where}.${kind}`, 'must be a text');
      return nothing;
    }
    switch (kind) {
      case 'equals':
        return { equals: operand };
      case 'starts_with':
        return { starts_with: operand };
      case 'ends_with':
        return { ends_with: operand };
      case 'contains':
        return { contains: operand };
      case 'regex':
        if (isSafePattern(operand)) return { regex: operand };
        this.problem(`${where}.regex`, `is no pattern that can be used: ${operand.slice(0, 60)}`);
        return nothing;
      default:
        this.problem(where, `has an unknown kind of pattern: ${kind.slice(0, 60)}`);
        return nothing;
    }
  }

  #priceList(value: unknown, where: string): GenaiPrices | GenaiDatedPrices[] {
    if (!Array.isArray(value)) return this.#prices(value, where);
    return value.map((item: unknown, index) => this.#dated(item, `${where}[${index}]`));
  }

  #dated(value: unknown, where: string): GenaiDatedPrices {
    if (!isFields(value)) {
      this.problem(where, 'must be an object with "prices"');
      return { prices: {} };
    }
    const prices = this.#prices(value['prices'], `${where}.prices`);
    const constraint = value['constraint'];
    if (constraint == null) return { prices };
    if (isFields(constraint)) {
      const { start_date, start_time, end_time } = constraint;
      if (isDate(start_date)) return { constraint: { start_date }, prices };
      if (isTimeOfDay(start_time) && isTimeOfDay(end_time)) {
        return { constraint: { start_time, end_time }, prices };
      }
    }
    this.problem(
      `${where}.constraint`,
      'must have "start_date" (2026-08-17) or "start_time" and "end_time" (01:00:00Z)',
    );
    return { prices };
  }

  #prices(value: unknown, where: string): GenaiPrices {
    const prices: GenaiPrices = {};
    if (!isFields(value)) {
      this.problem(where, 'must be an object of prices');
      return prices;
    }
    for (const [key, price] of Object.entries(value)) {
      if (price == null) continue;
      const read = isPrice(price) ? price : tiersOf(price);
      if (read === undefined) {
        this.problem(`${where}.${key}`, 'must be a number of 0 or more, or {base, tiers}');
      } else prices[key] = read;
    }
    return prices;
  }

  #name(fields: Fields, key: string, where: string): string {
    const value = fields[key];
    if (typeof value === 'string' && value !== '' && value.length <= longestName) return value;
    this.problem(`${where}.${key}`, 'must be a name');
    return '';
  }
}

function tiersOf(value: unknown): GenaiTiers | undefined {
  if (!isFields(value) || !isPrice(value['base'])) return undefined;
  const { base, tiers } = value;
  if (!Array.isArray(tiers)) return undefined;
  const read: GenaiTiers['tiers'] = [];
  for (const tier of tiers as unknown[]) {
    if (!isFields(tier) || !isPrice(tier['price']) || !Number.isSafeInteger(tier['start'])) {
      return undefined;
    }
    read.push({ start: Number(tier['start']), price: tier['price'] });
  }
  return { base, tiers: read };
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
}

function isDate(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}$/.test(value) &&
    !Number.isNaN(Date.parse(`${value}T00:00:00Z`))
  );
}

function isTimeOfDay(value: unknown): value is string {
  return typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?Z$/.test(value);
}

/** Patterns come from outside: one that a matcher could take for ever on is refused, not tried. */
function isSafePattern(pattern: string): boolean {
  if (pattern.length > longestPattern || nestedQuantifier.test(pattern)) return false;
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}
