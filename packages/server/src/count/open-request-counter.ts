import type { Config } from '../config/index.js';
import { findProvider, resolveProviders } from '../gateway/providers.js';
import { RequestCounter } from './request-counter.js';
import { TokenizerThread } from './tokenizer-thread.js';

/** Counts requests with a tokenizer, or by the configured providers with the environment's keys. */
export function openRequestCounter(
  configured: Config['providers'],
  environment: Record<string, string | undefined>,
): RequestCounter {
  const providers = resolveProviders(configured, environment);
  return new RequestCounter({
    tokenizer: new TokenizerThread(),
    providerNamed: (name) => findProvider(providers, name) ?? null,
  });
}
