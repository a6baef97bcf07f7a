import { FarthingError } from '@farthing/core';
import type { ProviderConfig } from '../config/index.js';

export type ApiFamily = 'openai' | 'anthropic' | 'gemini';

/** A provider as the gateway knows it: the path prefix clients use, and where calls go. */
export interface Provider {
  /** Name in entries and prices, e.g. `google` for the path prefix `gemini`. */
  name: string;
  family: ApiFamily;
  origin: string;
  /** Path of the base URL without trailing slash: `` or `/openai/v1`. */
  basePath: string;
  /** The key from the environment, used when the caller sends none. Never logged. */
  apiKey: string | undefined;
  priceAs: string;
}

const builtIn: Record<string, ProviderConfig & { name: string; key: string }> = {
  openai: {
    name: 'openai',
    base_url: 'https://api.openai.com',
    api: 'openai',
    key: 'OPENAI_API_KEY',
  },
  anthropic: {
    name: 'anthropic',
    base_url: 'https://api.anthropic.com',
    api: 'anthropic',
    key: 'ANTHROPIC_API_KEY',
  },
  gemini: {
    name: 'google',
    base_url: 'https://generativelanguage.googleapis.com',
    api: 'gemini',
    key: 'GEMINI_API_KEY',
  },
};

const reserved = new Set(['v1', 'v1beta', 'healthz', 'readyz', 'metrics']);

/**
 * The providers by path prefix: the three built-in ones, which the configuration may point
 * elsewhere, and any OpenAI-, Anthropic- or Gemini-compatible one that it adds.
 */
export function resolveProviders(
  configured: Record<string, ProviderConfig>,
  environment: Record<string, string | undefined>,
): Map<string, Provider> {
  const providers = new Map<string, Provider>();
  for (const [prefix, { name, key, ...defaults }] of Object.entries(builtIn)) {
    const override = configured[prefix];
    providers.set(
      prefix,
      provider(name, { ...defaults, ...override, api: defaults.api }, key, environment),
    );
  }
  for (const [prefix, settings] of Object.entries(configured)) {
    if (prefix in builtIn) continue;
    if (reserved.has(prefix)) {
      throw new FarthingError(
        'config_invalid',
        `\`providers.${prefix}\`: this name is a path of the gateway itself. Choose another, e.g. my-${prefix}.`,
      );
    }
    providers.set(prefix, provider(prefix, settings, undefined, environment));
  }
  return providers;
}

function provider(
  name: string,
  settings: ProviderConfig,
  defaultKey: string | undefined,
  environment: Record<string, string | undefined>,
): Provider {
  const url = new URL(settings.base_url);
  const key = settings.api_key_env ?? defaultKey;
  return {
    name,
    family: settings.api,
    origin: url.origin,
    basePath: url.pathname.replace(/\/+$/, ''),
    apiKey: key === undefined ? undefined : environment[key],
    priceAs: settings.price_as ?? name,
  };
}
