import { decimalFromNumber } from '../../money.js';
import { canonicalProvider } from '../../usage/providers.js';
import type { Threshold } from '../price-rows.js';
import type { RateUnit } from '../rate-units.js';
import type { BaseModel, BaseRow } from './base-model.js';
import type { GenaiDatedPrices, GenaiPrices, GenaiProvider } from './genai-prices-data.js';
import { aliasesOf } from './model-aliases.js';

export interface Conversion {
  models: BaseModel[];
  fallbacks: Record<string, string[]>;
  /** Prices that Farthing has no unit for. */
  warnings: string[];
}

/** The source's price keys → Farthing's units. Both state the same "per". */
const units: Readonly<Record<string, RateUnit>> = {
  input_mtok: 'input',
  output_mtok: 'output',
  cache_read_mtok: 'cache_read',
  cache_write_mtok: 'cache_write',
  cache_write_1h_mtok: 'cache_write_1h',
  input_audio_mtok: 'input_audio',
  input_image_mtok: 'input_image',
  input_video_mtok: 'input_video',
  cache_audio_read_mtok: 'cache_read_audio',
  cache_image_read_mtok: 'cache_read_image',
  output_audio_mtok: 'output_audio',
  output_image_mtok: 'output_image',
  output_video_mtok: 'output_video',
  output_reasoning_mtok: 'output_reasoning',
  output_citation_mtok: 'citation_tokens',
  web_searches_kcount: 'web_searches',
  storage_searches_kcount: 'file_searches',
  requests_kcount: 'requests',
  input_document_kpages: 'pages',
  input_annotated_document_kpages: 'annotated_pages',
  input_text_messages_kcount: 'text_messages',
  audio_hours: 'audio_seconds',
  input_audio_hours: 'audio_seconds',
};

/** Rewrites the source's data as Farthing's rows. Its arithmetic and its model matching stay behind. */
export function convertGenaiPrices(providers: readonly GenaiProvider[]): Conversion {
  const conversion: Conversion = { models: [], fallbacks: {}, warnings: [] };
  for (const provider of providers) {
    const id = canonicalProvider(provider.id);
    if (provider.fallback_model_providers !== undefined) {
      conversion.fallbacks[id] = provider.fallback_model_providers.map(canonicalProvider);
    }
    for (const model of provider.models) {
      const converted: BaseModel = {
        provider: id,
        model: model.id,
        rows: convertRows(id, model.id, model.prices, conversion.warnings),
      };
      const aliases = aliasesOf(provider, model);
      if (aliases.length > 0) converted.aliases = aliases;
      conversion.models.push(converted);
    }
  }
  return conversion;
}

function convertRows(
  provider: string,
  model: string,
  prices: GenaiPrices | GenaiDatedPrices[],
  warnings: string[],
): BaseRow[] {
  const list: GenaiDatedPrices[] = Array.isArray(prices) ? prices : [{ prices }];
  let from: string | undefined;
  return list.map((entry) => {
    const row: BaseRow = { rates: {} };
    const { constraint } = entry;
    if (constraint !== undefined && 'start_date' in constraint) {
      from = `${constraint.start_date}T00:00:00Z`;
    } else if (constraint !== undefined) {
      row.daily = { start: constraint.start_time, end: constraint.end_time };
    }
    // The source's hours carry no date; they belong to the price list that they follow.
    if (from !== undefined) row.from = from;
    convertRates(provider, entry.prices, row, `${provider}/${model}`, warnings);
    return row;
  });
}

function convertRates(
  provider: string,
  prices: GenaiPrices,
  row: BaseRow,
  where: string,
  warnings: string[],
): void {
  const bands = new Map<number, Partial<Record<RateUnit, string>>>();
  for (const [key, price] of Object.entries(prices)) {
    if (price === undefined) continue;
    const unit = units[key];
    if (unit === undefined) {
      warnings.push(`${where}: no unit for ${key}`);
      continue;
    }
    row.rates[unit] = cleanDecimal(typeof price === 'number' ? price : price.base);
    if (typeof price === 'number') continue;
    for (const tier of price.tiers) {
      const band = bands.get(tier.start) ?? {};
      band[unit] = cleanDecimal(tier.price);
      bands.set(tier.start, band);
    }
  }
  if (bands.size === 0) return;
  row.above = [...bands]
    .sort(([left], [right]) => left - right)
    .map(([start, rates]) => ({ threshold: thresholdOf(provider, start), rates }));
}

/**
 * The source re-prices above `start` tokens. xAI's published bound is inclusive ("200k and more"),
 * which it writes as 199999. OpenAI's is exclusive ("over 272k"), although the source writes 271999
 * for some models and 272000 for others: OpenAI's page and three other price lists say > 272000.
 */
function thresholdOf(provider: string, start: number): Threshold {
  if (start === 271_999) return { op: 'gt', tokens: 272_000 };
  if (provider === 'xai' && start % 1000 === 999) return { op: 'gte', tokens: start + 1 };
  return { op: 'gt', tokens: start };
}

/** Published prices have few digits; what lies beyond twelve is a float's artefact (0.5999999999999999). */
function cleanDecimal(value: number): string {
  return decimalFromNumber(Number(value.toPrecision(12)));
}
