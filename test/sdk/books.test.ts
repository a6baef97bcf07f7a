import { AsyncLocalStorage } from 'node:async_hooks';
import { parseUsd, type Entry } from '@farthing/core';
import { Farthing, memorySink } from '@farthing/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMixedCalls } from '../books/mixed-calls.js';
import { startGatewayUnderTest, type GatewayUnderTest } from '../support/gateway.js';

const calls = 1_000;
const concurrency = 16;
let gateway: GatewayUnderTest;
const sink = memorySink();
/** Of each call, what the gateway booked and what the SDK did. */
const pairs: { gateway: Entry; sdk: Entry }[] = [];

// The SDK meters calls that go through a gateway, and both see the very same answers. The gateway's
// sign of having booked a call is taken off the answer: otherwise the SDK would leave the call to it.
beforeAll(async () => {
  gateway = await startGatewayUnderTest();
  const here = new AsyncLocalStorage<string[]>();
  const unsigned = async (input: string | URL | Request, init?: RequestInit) => {
    const response = await fetch(input, init);
    here.getStore()?.push(response.headers.get('x-farthing-call-id')!);
    const headers = new Headers(response.headers);
    headers.delete('x-farthing-call-id');
    const { status, statusText } = response;
    return new Response(response.body, { status, statusText, headers });
  };
  const ids = new Map<string, string>();
  const farthing = new Farthing({ sinks: [sink] });
  const send = createMixedCalls(gateway.url, (client) => {
    const own = client as {
      fetch?: unknown;
      apiClient?: { clientOptions: { httpOptions: object } };
    };
    if (own.apiClient === undefined) own.fetch = unsigned;
    else Object.assign(own.apiClient.clientOptions.httpOptions, { fetch: unsigned });
    return farthing.meter(client);
  });
  let next = 0;
  const worker = async () => {
    while (next < calls) {
      const number = next++;
      const seen: string[] = [];
      const run = `run-${number}`;
      await farthing.startRun({ run }).within(() => here.run(seen, () => send(number)));
      if (seen.length !== 1) throw new Error(`call ${number} was sent ${seen.length} times`);
      ids.set(run, seen[0]!);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const byId = new Map((await gateway.entries()).map((entry) => [entry.id, entry]));
  for (const sdk of sink.entries) {
    pairs.push({ sdk, gateway: byId.get(ids.get(sdk.tags.run!)!)! });
  }
}, 170_000);
afterAll(() => gateway.close());

const sum = (entries: readonly Entry[]) =>
  entries.reduce((total, { cost }) => total + parseUsd(cost.usd ?? '0'), 0n);

describe(`${calls} mixed calls, metered twice on the same answers`, () => {
  test('are in both books, each once', () => {
    expect(sink.entries).toHaveLength(calls);
    expect(new Set(pairs.map((pair) => pair.gateway.id)).size).toBe(calls);
  });

  test('cost the same to the picodollar, call by call', () => {
    for (const { sdk, gateway: booked } of pairs) {
      expect({ ...sdk.cost, ...sdk.usage }).toEqual({ ...booked.cost, ...booked.usage });
    }
    expect(sum(pairs.map(({ sdk }) => sdk))).toBe(sum(pairs.map((pair) => pair.gateway)));
    expect(sum(sink.entries)).toBeGreaterThan(0n);
  });

  test('have the same facts: model, answer, ending, stream', () => {
    const facts = ({
      provider,
      api,
      stream,
      model,
      model_requested,
      response_id,
      outcome,
      http_status,
      attempt,
    }: Entry) => ({
      provider,
      api,
      stream,
      model,
      model_requested,
      response_id,
      outcome,
      http_status,
      attempt,
    });
    for (const pair of pairs) expect(facts(pair.sdk)).toEqual(facts(pair.gateway));
  });
});
