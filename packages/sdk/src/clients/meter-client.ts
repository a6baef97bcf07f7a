import { FarthingError, type Tags } from '@farthing/core';
import type { EndpointHint } from '../call/endpoint.js';
import type { Meter } from '../call/meter.js';
import { sayOnce } from '../platform.js';
import { meterBedrock } from './bedrock.js';
import { meterCohere } from './cohere.js';
import { meterGoogle } from './google.js';
import { meterMistral } from './mistral.js';
import { meterWithOptions } from './with-options.js';

export interface ClientMeter {
  meter: () => Meter;
  tags: Tags;
  hint: EndpointHint;
}

/** Meters a client by a hook of its own; null where it is not a client of that kind. */
export type MeterKind = (client: object, parts: ClientMeter) => object | null;

const kinds: readonly MeterKind[] = [
  meterWithOptions,
  meterGoogle,
  meterMistral,
  meterBedrock,
  meterCohere,
];

/**
 * The client with its calls booked. Clients are known by the hooks that they offer, so that this
 * package needs none of theirs. One that offers none (another library, an older major) is returned as
 * it is, and that is said.
 */
export function meterClient<Client extends object>(client: Client, parts: ClientMeter): Client {
  if (client === null || (typeof client !== 'object' && typeof client !== 'function')) {
    throw new FarthingError(
      'client_invalid',
      `meter(client) takes a client, e.g. new OpenAI(), and was given ${client === null ? 'null' : typeof client}.`,
    );
  }
  for (const kind of kinds) {
    const metered = tried(kind, client, parts);
    if (metered === undefined) return client;
    if (metered !== null) return metered as Client;
  }
  const name = (client as { constructor?: { name?: string } }).constructor?.name ?? 'this object';
  sayOnce(
    `calls of ${name} are not booked: it has no hook that this version knows. Supported are openai ≥ 5, @anthropic-ai/sdk ≥ 0.50, @google/genai ≥ 2, @mistralai/mistralai ≥ 1, cohere-ai ≥ 8 and @aws-sdk/client-bedrock-runtime 3. For others pass meterFetch() as their fetch.`,
  );
  return client;
}

/** Undefined where the client has the hook and does not let it be used: it is frozen, or cannot be copied. */
function tried(kind: MeterKind, client: object, parts: ClientMeter): object | null | undefined {
  try {
    return kind(client, parts);
  } catch (error) {
    const name = client.constructor?.name ?? 'this object';
    sayOnce(
      `calls of ${name} are not booked: its hook cannot be used (${(error as Error).message}). Pass meterFetch() as its fetch instead.`,
    );
    return undefined;
  }
}
