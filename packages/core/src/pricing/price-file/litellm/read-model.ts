import { isFields, type Fields } from '../../../usage/fields.js';
import { decimalOf, formatDecimal } from '../../decimal.js';
import type { PriceConditions, PriceRule, Threshold } from '../../price-rows.js';
import type { RateUnit } from '../../rate-units.js';
import { compareDecimals } from '../fields.js';
import { highestRate, longestRate } from '../read-rates.js';
import { cleanRate } from './clean-rate.js';
import type { NamedModel } from './model-names.js';
import { looksLikePrice, parsePriceKey, thresholdOf } from './price-keys.js';

/** USD for one of anything; below that a figure is a slip. */
const smallest = 1e-15;

/** The rates of one model under the same conditions. */
interface Band {
  tier: string | undefined;
  above: number | undefined;
  when: PriceConditions | undefined;
  rates: Partial<Record<RateUnit, string>>;
}

export interface ModelReading {
  rules: PriceRule[];
  /** Keys that look like prices and are not read. */
  unread: string[];
  /** Figures that cannot be true: key and what is wrong with it. */
  wrong: [key: string, message: string][];
}

/** Reads one model of LiteLLM's map. */
export function readModel(entry: Fields, named: NamedModel, source: string): ModelReading {
  const reading: ModelReading = { rules: [], unread: [], wrong: [] };
  const bands = new Map<string, Band>();
  const add = (
    unit: RateUnit,
    rate: string,
    tier?: string,
    above?: number,
    size?: PriceConditions,
  ) => {
    const key = JSON.stringify([tier, above, size]);
    const band = bands.get(key) ?? { tier, above, when: size, rates: {} };
    band.rates[unit] = rate;
    bands.set(key, band);
  };
  readKeys(entry, entry, undefined, add, reading);
  readBands(entry['tiered_pricing'], entry, add, reading);
  readSearches(entry['search_context_cost_per_query'], named, add, reading);
  keepShares(bands);
  for (const band of bands.values()) {
    const { tier, above, rates } = band;
    // The same rate twice would only split the line on the bill.
    if (rates.output_reasoning === rates.output) delete rates.output_reasoning;
    const when = {
      ...named.when,
      ...band.when,
      ...(tier === undefined ? {} : { service_tier: tier }),
    };
    const threshold: Threshold | undefined =
      above === undefined ? undefined : thresholdOf(named.provider, above);
    reading.rules.push({
      provider: named.provider,
      model: named.model,
      ...(Object.keys(when).length === 0 ? {} : { when }),
      ...(threshold === undefined ? {} : { threshold }),
      rates,
      source: typeof entry['source'] === 'string' ? entry['source'].slice(0, 1_000) : source,
    });
  }
  return reading;
}

type Add = (
  unit: RateUnit,
  rate: string,
  tier?: string,
  above?: number,
  size?: PriceConditions,
) => void;

function readKeys(
  fields: Fields,
  model: Fields,
  above: number | undefined,
  add: Add,
  reading: ModelReading,
): void {
  for (const [key, value] of Object.entries(fields)) {
    const parsed = parsePriceKey(key);
    if (parsed === undefined || !isBilledSo(parsed.unit, key, model)) {
      const elsewhere = key === 'search_context_cost_per_query' || key === 'tiered_pricing';
      // The map fills in zeros for what a model does not have.
      if (looksLikePrice(key) && !elsewhere && numberOf(value) !== 0) reading.unread.push(key);
      continue;
    }
    const rate = rateAt(value, parsed.factor, key, reading);
    if (rate === undefined) continue;
    const { tier, aboveThousand } = parsed;
    add(parsed.unit, rate, tier, aboveThousand === undefined ? above : aboveThousand * 1_000);
  }
}

/**
 * Seconds, images and queries are billed by themselves only for some modes; elsewhere they restate in
 * another unit what the tokens already cost.
 */
function isBilledSo(unit: RateUnit, key: string, model: Fields): boolean {
  const mode = model['mode'];
  const isPositive = (name: string) => numberOf(model[name]) > 0;
  // Where a figure is stated for both input and output, it is one price; a zero stands for none.
  const isTheOne = (input: string, output: string) =>
    key === (isPositive(output) || model[input] === undefined ? output : input);
  if (unit === 'audio_seconds') {
    const isTheSecond = isTheOne('input_cost_per_second', 'output_cost_per_second');
    return mode === 'audio_transcription' && isTheSecond;
  }
  if (unit === 'images') {
    const tokens = ['input_cost_per_token', 'output_cost_per_token', 'output_cost_per_image_token'];
    if (mode !== 'image_generation' && mode !== 'image_edit') return false;
    return !tokens.some(isPositive) && isTheOne('input_cost_per_image', 'output_cost_per_image');
  }
  return true;
}

/** `tiered_pricing`: whole price lists by the number of input tokens, each from a bound on. */
function readBands(value: unknown, model: Fields, add: Add, reading: ModelReading): void {
  if (!Array.isArray(value)) return;
  for (const band of value) {
    const range: unknown = isFields(band) ? band['range'] : undefined;
    if (range === undefined) {
      reading.unread.push('tiered_pricing');
      continue;
    }
    const start: unknown = Array.isArray(range) ? range[0] : undefined;
    if (!isFields(band) || typeof start !== 'number' || !Number.isSafeInteger(start) || start < 0) {
      reading.wrong.push(['tiered_pricing', 'needs "range": [from, to] in whole tokens']);
      continue;
    }
    readKeys(band, model, start === 0 ? undefined : start, add, reading);
  }
}

const sizes = ['low', 'medium', 'high'] as const;

/** Perplexity asks a fee per request, the others one per search; each may depend on the context's size. */
function readSearches(value: unknown, named: NamedModel, add: Add, reading: ModelReading): void {
  if (!isFields(value)) return;
  const perplexity = named.provider === 'perplexity';
  const unit = perplexity ? 'requests' : 'web_searches';
  const rates = new Map<string, string>();
  for (const size of sizes) {
    const key = `search_context_size_${size}`;
    if (value[key] === undefined) continue;
    const rate = rateAt(value[key], 1_000, `search_context_cost_per_query.${key}`, reading);
    if (rate !== undefined) rates.set(size, rate);
  }
  // What a request that does not say gets: the API's default.
  const usual = rates.get(perplexity ? 'low' : 'medium') ?? [...rates.values()][0];
  if (usual === undefined) return;
  add(unit, usual);
  for (const [size, rate] of rates) {
    if (rate !== usual) add(unit, rate, undefined, undefined, { search_context_size: size });
  }
}

/**
 * The map states batch and flex rates for short calls only, and long-context bands for the standard
 * tier only. The providers' discount is a share of either, so a long call in batch keeps that share.
 */
function keepShares(bands: Map<string, Band>): void {
  const all = [...bands.values()];
  const standard = all.find((band) => !band.tier && !band.above && !band.when);
  for (const { tier, rates } of all.filter(
    ({ tier: name }) => name === 'batch' || name === 'flex',
  )) {
    for (const { above, rates: longRates } of all.filter((band) => !band.tier && band.above)) {
      const key = JSON.stringify([tier, above, undefined]);
      const band = bands.get(key) ?? { tier, above, when: undefined, rates: {} };
      for (const [unit, rate] of Object.entries(rates) as [RateUnit, string][]) {
        const share = shareOf(longRates[unit], rate, standard?.rates[unit]);
        if (share !== undefined) band.rates[unit] ??= share;
      }
      if (Object.keys(band.rates).length > 0) bands.set(key, band);
    }
  }
}

/** `long × tier ÷ standard`, where that is exact. */
function shareOf(
  long: string | undefined,
  tier: string,
  standard: string | undefined,
): string | undefined {
  if (long === undefined || standard === undefined) return undefined;
  const [a, b, c] = [decimalOf(long), decimalOf(tier), decimalOf(standard)];
  if (c.numerator === 0n) return undefined;
  const more = 12;
  const numerator = a.numerator * b.numerator * 10n ** BigInt(c.digits + more);
  if (numerator % c.numerator !== 0n) return undefined;
  const digits = a.digits + b.digits + more;
  const share = formatDecimal({ numerator: numerator / c.numerator, digits });
  return share.length <= longestRate ? share : undefined;
}

function rateAt(
  value: unknown,
  factor: number,
  key: string,
  reading: ModelReading,
): string | undefined {
  if (value === null) return undefined;
  const number = numberOf(value);
  if (!Number.isFinite(number)) {
    reading.wrong.push([key, 'must be a number in USD']);
    return undefined;
  }
  if (number < 0) {
    reading.wrong.push([key, `is ${number}: a price cannot be negative`]);
    return undefined;
  }
  if (number !== 0 && number < smallest) {
    reading.wrong.push([key, `is ${number} USD, less than any price`]);
    return undefined;
  }
  if (number > 1e9 || compareDecimals(cleanRate(number, factor), highestRate) > 0) {
    const each = factor === 1_000_000 ? 'token' : 'unit';
    reading.wrong.push([
      key,
      `is ${number} USD per ${each}, which cannot be true (the limit is ${highestRate} USD per ${factor}): LiteLLM's keys are per single ${each}`,
    ]);
    return undefined;
  }
  return cleanRate(number, factor);
}

/** The map's figures are numbers, or texts of them; anything else is none. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}
