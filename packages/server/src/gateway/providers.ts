import { type ApiFamily, type CallContext, canonicalProvider, FarthingError } from '@farthing/core';
import { nameInEntries, type ProviderConfig } from '../config/index.js';

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
  /** The header that carries a key to this provider. */
  keyHeader: 'authorization' | 'x-api-key' | 'x-goog-api-key' | 'api-key';
  /** Whose rules answers are read by, and whose prices hold. */
  priceAs: string;
  /** What the configuration says that sets the price of every call. */
  context: CallContext | undefined;
  /** Whether streams are asked for their usage where the caller did not ask. */
  asksForUsage: boolean;
  /** Whether paths may name a location that sets the price (Google's Vertex). */
  hasLocations: boolean;
}

const builtIn: Record<string, ProviderConfig & { key: string }> = {
  openai: {
    base_url: 'https://api.openai.com',
    api: 'openai',
    key: 'OPENAI_API_KEY',
  },
  anthropic: {
    base_url: 'https://api.anthropic.com',
    api: 'anthropic',
    key: 'ANTHROPIC_API_KEY',
  },
  gemini: {
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
  for (const [prefix, { key, ...defaults }] of Object.entries(builtIn)) {
    const settings = { ...defaults, ...configured[prefix], api: defaults.api };
    providers.set(prefix, provider(nameInEntries(prefix), settings, key, environment));
  }
  for (const [prefix, settings] of Object.entries(configured)) {
    if (Object.hasOwn(builtIn, prefix)) continue;
    if (reserved.has(prefix)) {
      throw new FarthingError(
        'config_invalid',
        `\`providers.${prefix}\`: this name is a path of the gateway itself. Choose another, e.g. my-${prefix}.`,
      );
    }
    const added = provider(prefix, settings, undefined, environment);
    const namesake = findProvider(providers, added.name);
    if (namesake !== undefined && namesake.priceAs !== added.priceAs) {
      throw new FarthingError(
        'config_invalid',
        `\`providers.${prefix}\`: calls of a built-in provider are booked under this name too, so both need the same \`price_as\`. Choose another name, e.g. my-${prefix}.`,
      );
    }
    providers.set(prefix, added);
  }
  return providers;
}

/**
 * The provider that an entry or an opened line names; undefined when the configuration no longer has it.
 */
export function findProvider(
  providers: ReadonlyMap<string, Provider>,
  name: string,
): Provider | undefined {
  for (const provider of providers.values()) if (provider.name === name) return provider;
  return undefined;
}

function provider(
  name: string,
  settings: ProviderConfig,
  defaultKey: string | undefined,
  environment: Record<string, string | undefined>,
): Provider {
  const url = new URL(settings.base_url);
  const key = settings.api_key_env ?? defaultKey;
  const priceAs = settings.price_as ?? name;
  const rules = canonicalProvider(priceAs);
  return {
    name,
    family: settings.api,
    origin: url.origin,
    basePath: url.pathname.replace(/\/+$/, ''),
    apiKey: key === undefined ? undefined : environment[key],
    keyHeader: rules === 'azure' ? 'api-key' : keyHeaders[settings.api],
    priceAs,
    context: priceContext(settings, url.hostname),
    // Mistral states usage unasked, and refuses a request that asks for it.
    asksForUsage:
      settings.ask_for_usage ?? !(rules === 'mistral' || /(^|\.)mistral\.ai$/.test(url.hostname)),
    hasLocations: settings.api === 'gemini' || rules === 'google' || rules === 'google-vertex',
  };
}

const keyHeaders: Record<ApiFamily, Provider['keyHeader']> = {
  openai: 'authorization',
  anthropic: 'x-api-key',
  gemini: 'x-goog-api-key',
  bedrock: 'authorization',
};

/** Hosts that set a price: OpenAI's regional ones and Vertex. Of all others nothing is recorded. */
const pricedHost = /^[a-z]{2}\.api\.openai\.com$|aiplatform/;

/** `europe-west1-aiplatform.googleapis.com`: the host of a location of Vertex. */
const locationHost = /^([a-z]+-[a-z]+\d+)-aiplatform\./;

function priceContext(settings: ProviderConfig, host: string): CallContext | undefined {
  const context: CallContext = {};
  if (pricedHost.test(host)) context.endpoint = host;
  const location = settings.location ?? locationHost.exec(host)?.[1];
  if (location !== undefined) context.location = location;
  if (settings.deployment_type !== undefined) context.deployment_type = settings.deployment_type;
  return Object.keys(context).length === 0 ? undefined : context;
}
