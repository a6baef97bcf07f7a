import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseUsd, type Entry } from '@farthing/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { Installation, pause } from '../support/farthing-process.js';
import { billed, booked, untilSettled } from './books.js';
import { runApp } from './run-app.js';

const apps = [
  { name: 'opentelemetry-openai', encoding: 'protobuf', compression: 'gzip' },
  {
    name: 'traceloop-anthropic',
    encoding: 'json',
    compression: 'none',
    withoutScope: 'com.anthropic.sdk.typescript',
  },
  { name: 'ai-sdk', encoding: 'json', compression: 'gzip' },
] as const;
const rounds = 8;

let farthing: Installation;
let entries: Entry[];
const providers = new Map<string, FakeProvider>();

/** Kills `up` and its control plane with SIGKILL, the supervisor first, and waits until nothing answers. */
async function killEverything(up: Awaited<ReturnType<Installation['start']>>): Promise<void> {
  const file = readFileSync(join(farthing.dataDirectory, 'run', 'control.json'), 'utf8');
  await farthing.kill(up, 'SIGKILL');
  try {
    process.kill((JSON.parse(file) as { pid: number }).pid, 'SIGKILL');
  } catch {
    // It ended with its supervisor.
  }
  for (const url of [farthing.controlUrl, farthing.gatewayUrl]) {
    while (
      await fetch(`${url}/healthz`).then(
        () => true,
        () => false,
      )
    )
      await pause(20);
  }
}

/** Waits until spans have come since the start of the process: they are booked, or wait to be. */
async function untilSpansCome(): Promise<void> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const metrics = await (await fetch(`${farthing.controlUrl}/metrics`)).text();
    const counts = metrics.matchAll(/^farthing_otlp_(?:spans_total\{.*\}|waiting_calls) (\d+)$/gm);
    if ([...counts].some(([, count]) => Number(count) > 0)) return;
    await pause(10);
  }
  throw new Error('no span comes');
}

beforeAll(async () => {
  const gatewayProvider = await startFakeProvider({});
  farthing = await Installation.create(gatewayProvider.url, {
    more: { otlp: { hold: '1s', hold_summaries: '1s' } },
  });
  let up = await farthing.start('up');
  const running = Promise.all(
    apps.map(async ({ name, ...settings }) => {
      const provider = await startFakeProvider({ seed: name });
      providers.set(name, provider);
      await runApp(name, {
        ...settings,
        providerUrl: provider.url,
        endpoint: farthing.controlUrl,
        rounds,
      });
    }),
  );
  for (let kill = 0; kill < 2; kill++) {
    await untilSpansCome();
    await killEverything(up);
    up = await farthing.start('up');
  }
  await running;
  await untilSettled(farthing);
  entries = await farthing.entries();
  await gatewayProvider.close();
}, 120_000);
afterAll(async () => {
  await farthing.remove();
  for (const provider of providers.values()) await provider.close();
});

/**
 * A chain may be booked before the calls that it repeats, where their batch had to be sent again: then an
 * adjusting entry takes it back whole.
 */
const isTakenBack = ({ id }: Entry) =>
  entries.some(({ adjusts }) => adjusts?.entry === id && adjusts.usd_after === '0');

test.each(apps)('what $name exported over two kills is booked once', ({ name }) => {
  const calls = entries.filter(
    ({ kind, tags }) => kind === 'call' && tags.custom?.['service'] === name,
  );
  const provider = providers.get(name)!;
  expect(provider.books.report().lines.length).toBeGreaterThan(0);
  expect(booked(calls.filter((call) => !isTakenBack(call)))).toEqual(billed(provider, []));
  expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
});

test('what was taken back comes to nothing', () => {
  for (const call of entries.filter(isTakenBack)) {
    const usd = [call, ...entries.filter(({ adjusts }) => adjusts?.entry === call.id)];
    expect(usd.reduce((sum, { cost }) => sum + parseUsd(cost.usd ?? '0'), 0n)).toBe(0n);
  }
});
