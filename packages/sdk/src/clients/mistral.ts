import type { ClientKind } from '../call/endpoint.js';
import { createMeteredFetch } from '../fetch/meter-fetch.js';
import type { MeterKind } from './meter-client.js';

interface HttpClient {
  request(request: Request): Promise<Response>;
}

interface MistralClient {
  chat: object;
  _options: { httpClient?: HttpClient };
  _baseURL: unknown;
}

const mistral: ClientKind = { provider: 'mistral', family: 'openai' };

/**
 * `@mistralai/mistralai`: its option `httpClient`. The copy has the client's own options and one that
 * passes on to the client's.
 */
export const meterMistral: MeterKind = (client, { meter, tags, hint }) => {
  if (!isMistral(client)) return null;
  const { httpClient } = client._options;
  const fetch = createMeteredFetch({
    meter,
    fetch: (input, init) =>
      httpClient === undefined
        ? globalThis.fetch(input, init)
        : httpClient.request(new Request(input, init)),
    tags,
    hint,
    kind: mistral,
  });
  // Hooks that are added to the client's own http client go on working: the metered one is made of it.
  const metered = Object.create(httpClient ?? null) as HttpClient;
  metered.request = (request) => fetch(request);
  const Client = client.constructor as new (options: object) => object;
  return new Client({ ...client._options, httpClient: metered });
};

function isMistral(client: object): client is MistralClient {
  const { chat, _options: options, _baseURL: base } = client as Partial<MistralClient>;
  return typeof chat === 'object' && typeof options === 'object' && base instanceof URL;
}
