import type { ClientKind } from '../call/endpoint.js';
import { createMeteredFetch } from '../fetch/meter-fetch.js';
import type { Fetch } from '../fetch/read-request.js';
import type { MeterKind } from './meter-client.js';

interface StainlessClient {
  withOptions(options: object): object;
  fetch: Fetch;
  _options?: { apiKey?: unknown };
  /** Of Azure's client. */
  apiVersion?: string;
  deploymentName?: string | undefined;
  chat?: unknown;
  messages?: unknown;
}

const openai: ClientKind = { provider: 'openai', family: 'openai' };
const anthropic: ClientKind = { provider: 'anthropic', family: 'anthropic' };

/**
 * `openai`, `@anthropic-ai/sdk` and the clients made like them: a copy with another fetch, by their
 * own `withOptions`. Streams, helpers and types are the client's own.
 */
export const meterWithOptions: MeterKind = (client, { meter, tags, hint }) => {
  if (!isStainless(client)) return null;
  const kind = client.chat === undefined ? anthropic : openai;
  const fetch = createMeteredFetch({ meter, fetch: client.fetch, tags, hint, kind });
  return client.withOptions({ fetch, ...forgottenOptions(client) });
};

/** What the client's own copying leaves out: Azure's version and deployment, and keys that are functions. */
function forgottenOptions({
  _options: options,
  apiVersion,
  deploymentName,
}: StainlessClient): object {
  return {
    ...(typeof options?.apiKey === 'function' ? { apiKey: options.apiKey } : {}),
    ...(apiVersion ? { apiVersion, deployment: deploymentName } : {}),
  };
}

function isStainless(client: object): client is StainlessClient {
  const { withOptions, fetch, chat, messages } = client as Partial<StainlessClient>;
  return (
    typeof withOptions === 'function' &&
    typeof fetch === 'function' &&
    (chat !== undefined || messages !== undefined)
  );
}
