import type { ClientKind } from '../call/endpoint.js';
import { createMeteredFetch } from '../fetch/meter-fetch.js';
import type { Fetch } from '../fetch/read-request.js';
import type { MeterKind } from './meter-client.js';

interface GoogleClient {
  models: object;
  vertexai?: boolean;
  apiClient: {
    clientOptions: { httpOptions?: { fetch?: Fetch } };
    getFetch(): Fetch | undefined;
  };
}

const google: ClientKind = { provider: 'google', family: 'gemini' };
const vertex: ClientKind = { provider: 'google-vertex', family: 'gemini' };

/**
 * `@google/genai`: its option `httpOptions.fetch`. Every part of the client reads it with each request,
 * and the client cannot be copied, so that it is set on the client itself. Metering it again replaces
 * the tags.
 */
export const meterGoogle: MeterKind = (client, { meter, tags, hint }) => {
  if (!isGoogle(client)) return null;
  const { apiClient } = client;
  const isVertex = client.vertexai === true;
  const fetch = createMeteredFetch({
    meter,
    fetch: apiClient.getFetch() ?? ((input, init) => globalThis.fetch(input, init)),
    tags,
    hint,
    kind: isVertex ? vertex : google,
  });
  apiClient.clientOptions.httpOptions = { ...apiClient.clientOptions.httpOptions, fetch };
  return client;
};

function isGoogle(client: object): client is GoogleClient {
  const { apiClient, models } = client as Partial<GoogleClient>;
  return (
    typeof models === 'object' &&
    typeof apiClient?.getFetch === 'function' &&
    typeof apiClient.clientOptions === 'object'
  );
}
