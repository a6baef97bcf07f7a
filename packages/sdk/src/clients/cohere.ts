import type { ClientKind } from '../call/endpoint.js';
import { createMeteredFetch } from '../fetch/meter-fetch.js';
import type { Fetch } from '../fetch/read-request.js';
import type { MeterKind } from './meter-client.js';

interface CohereClient {
  _options: { fetch?: Fetch; authProvider?: unknown };
  chat: unknown;
  embed: unknown;
}

const cohere: ClientKind = { provider: 'cohere', family: 'openai' };

/** `cohere-ai` (both its clients): its option `fetch`, given to a copy with the client's own options. */
export const meterCohere: MeterKind = (client, { meter, tags, hint }) => {
  if (!isCohere(client)) return null;
  const own = client._options.fetch;
  const fetch = createMeteredFetch({
    meter,
    fetch: own ?? ((input, init) => globalThis.fetch(input, init)),
    tags,
    hint,
    kind: cohere,
  });
  const Client = client.constructor as new (options: object) => object;
  return new Client({ ...client._options, fetch });
};

function isCohere(client: object): client is CohereClient {
  const { _options: options, chat, embed } = client as Partial<CohereClient>;
  return typeof options === 'object' && typeof chat === 'function' && typeof embed === 'function';
}
