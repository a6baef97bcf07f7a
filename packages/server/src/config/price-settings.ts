import { dirname } from 'node:path';
import type { ModelName, PriceLayer } from '@farthing/core';
import { durationOf } from './duration.js';
import { priceOverrides } from './price-overrides.js';
import type { Config } from './schema.js';

/** Where prices come from, as the configuration has it. */
export interface PriceSettings {
  /** Paths and URLs of price files, in rising precedence. */
  files: readonly string[];
  /** What relative paths start from: the folder of farthing.yaml, or the working directory. */
  directory: string;
  /** How often URLs are fetched. */
  refreshMilliseconds: number;
  /** How long one fetch may take. */
  timeoutMilliseconds: number;
  /** Where `farthing prices refresh` gets the base price list. */
  baseUrl: string;
  /** Stands in for unknown models, when the user wants that. */
  fallback: ModelName | null;
  /** The rows and tools of farthing.yaml itself. */
  layers: readonly PriceLayer[];
}

/**
 * Reads what the configuration says about prices.
 * @throws FarthingError `invalid_prices` with every problem of `prices` and `tools`.
 */
export function priceSettings(
  config: Pick<Config, 'prices' | 'price_book' | 'tools'>,
  configFile: string | null,
): PriceSettings {
  const { files, refresh, timeout, base_url, fallback } = config.price_book;
  return {
    files,
    directory: configFile === null ? process.cwd() : dirname(configFile),
    refreshMilliseconds: durationOf(refresh),
    timeoutMilliseconds: durationOf(timeout),
    baseUrl: base_url,
    fallback: fallback === undefined ? null : modelNameOf(fallback),
    layers: priceOverrides(config),
  };
}

/** The model of `provider/model`; a model's own name may hold further slashes. */
function modelNameOf(text: string): ModelName {
  const slash = text.indexOf('/');
  return { provider: text.slice(0, slash), model: text.slice(slash + 1) };
}
