import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { configSchema } from '../../packages/server/src/config/index.js';
import { startFakeProvider } from '../../packages/server/src/fake-provider/index.js';
import {
  createGateway,
  estimatesOnly,
  PromptPrefixer,
  resolveProviders,
} from '../../packages/server/src/gateway/index.js';
import type { WorkloadCall } from './workload.js';

const book = defaultPriceBook();

/**
 * Sends the requests through a real gateway to the fake provider, whose cache is a true one, each at its
 * call's own time: `setTime` sets the clock that the gateway reads. Resolves to what was booked.
 */
export async function runWorkload(
  calls: readonly WorkloadCall[],
  requests: readonly object[],
  setTime: (at: number) => void,
): Promise<Entry[]> {
  const provider = await startFakeProvider({ seed: 'cache' });
  const entries: Entry[] = [];
  const config = configSchema.parse({
    gateway: { port: 0 },
    providers: { anthropic: { base_url: provider.url, api: 'anthropic' } },
  });
  const gateway = createGateway({
    settings: config.gateway,
    providers: resolveProviders(config.providers, {}),
    journal: {
      failure: null,
      backlog: 0,
      opened: () => 1,
      closed: (entry) => entries.push(entry),
      isWritten: () => true,
      handedOver: () => Promise.resolve(),
    },
    price: book.price.bind(book),
    admissions: estimatesOnly((question) => book.tokenPrices(question)),
    protectTags: () => {},
    prefixes: new PromptPrefixer(Buffer.alloc(32, 'a secret of thirty-two characters')),
    version: 'test',
  });
  const { url } = await gateway.listen();
  try {
    for (const [index, call] of calls.entries()) {
      setTime(call.at);
      const response = await fetch(`${url}/anthropic/v1/messages`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-api-key': 'sk-ant-fake-0123456789abcdef',
          'anthropic-version': '2023-06-01',
          'x-fake-output-tokens': '8',
          'x-farthing-feature': call.feature,
        },
        body: JSON.stringify(requests[index]),
      });
      if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    }
    // Calls are booked a few milliseconds after they end.
    for (let tries = 0; entries.length < calls.length && tries < 1_000; tries++) await sleep(5);
  } finally {
    await gateway.close(1_000);
    await provider.close();
  }
  return entries;
}

/** What the input of a feature's calls cost, in picodollars. */
export function inputCost(entries: readonly Entry[], feature: string): bigint {
  let sum = 0n;
  for (const { tags, cost } of entries) {
    if (tags.feature !== feature) continue;
    for (const { kind, quantity, rate_usd: rate } of cost.charges) {
      // Rates per million tokens have six decimals at most: whole picodollars a token.
      if (kind !== 'output') sum += BigInt(quantity) * BigInt(Math.round(Number(rate) * 1_000_000));
    }
  }
  return sum;
}
