import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseUsd, type Entry } from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import { Installation, pause } from '../support/farthing-process.js';

/** 360 in the suite; many more with FARTHING_SOURCES_CALLS=4000 (a multiple of four). */
const calls = Number(process.env['FARTHING_SOURCES_CALLS'] ?? 360);
const script = fileURLToPath(new URL('apps/metered-thrice.mjs', import.meta.url));

// Gateway, SDK and spans write into one data directory. The entries of the SDK come before the spans
// wait no more, or long after the spans were booked: the books come to the same.
describe.each([
  { order: 'the SDK first', waits: 'no' },
  { order: 'spans first', waits: 'yes' },
])(`${calls / 2} calls, each told by up to three sources, $order`, ({ waits }) => {
  let provider: FakeProvider;
  let farthing: Installation;
  let entries: Entry[];
  let seen: Entry[];
  let report: { written: number; delivered: number };

  beforeAll(async () => {
    provider = await startFakeProvider({ seed: `sources-${waits}` });
    farthing = await Installation.create(provider.url, { more: { otlp: { hold: '1s' } } });
    await farthing.start('up');
    const app = spawn(process.execPath, [script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        ...process.env,
        PROVIDER_URL: provider.url,
        GATEWAY_URL: farthing.gatewayUrl,
        CONTROL_URL: farthing.controlUrl,
        CALLS: String(calls / 2),
        SDK_WAITS: waits,
      },
    });
    let said = '';
    app.stdout.on('data', (text: Buffer) => (said += text.toString()));
    while (!said.includes('made')) {
      if (app.exitCode !== null) throw new Error('the application ended early');
      await pause(20);
    }
    await settled(farthing);
    app.stdin.write('\n');
    const [code] = (await once(app, 'exit')) as [number];
    if (code !== 0) throw new Error(said);
    report = JSON.parse(said.slice(said.indexOf('{'))) as typeof report;
    await settled(farthing);
    // What spans have booked too early is taken back within moments.
    for (let attempt = 0; attempt < 100; attempt++) {
      entries = await farthing.entries();
      seen = standing(entries);
      if (!seen.some(({ source }) => source.startsWith('otlp:'))) break;
      await pause(100);
    }
  }, 170_000);
  afterAll(async () => {
    await farthing.remove();
    await provider.close();
  });

  test('cost what the provider billed, model by model, to the picodollar', () => {
    const booked: Record<string, bigint> = {};
    for (const { model, cost, outcome } of entries) {
      if (outcome === 'error' || model === null || isOfAborts(model)) continue;
      booked[model] = (booked[model] ?? 0n) + parseUsd(cost.usd ?? '0');
    }
    const billed: Record<string, bigint> = {};
    for (const { model, usd } of provider.books.report().lines) {
      if (!isOfAborts(model)) billed[model] = (billed[model] ?? 0n) + parseUsd(usd!);
    }
    expect(Object.keys(billed).length).toBeGreaterThan(2);
    expect(booked).toEqual(billed);
  });

  test('are in the books once: through the gateway by it, others by the SDK, none by a span', () => {
    const bySource: Record<string, number> = {};
    for (const { source } of seen) bySource[source] = (bySource[source] ?? 0) + 1;
    // Each call is one attempt, and those that are tried again are two.
    const half = Array.from({ length: calls / 4 }, (_, n) => (n % 9 === 5 ? 2 : 1));
    const attempts = half.reduce<number>((sum, count) => sum + count, 0);
    expect(bySource).toEqual({ gateway: attempts, sdk: attempts });
    expect(report).toMatchObject({ written: attempts, delivered: attempts });
  });
});

/** Calls that were not taken back. Of a failed call that its span has told first there is nothing to take back. */
function standing(entries: readonly Entry[]): Entry[] {
  const taken = new Set(entries.flatMap(({ adjusts }) => adjusts?.entry ?? []));
  return entries
    .filter(({ kind, id }) => kind === 'call' && !taken.has(id))
    .filter(({ source, outcome }) => !(source.startsWith('otlp:') && outcome === 'error'));
}

const isOfAborts = (model: string) => /^gpt-4o(?!-mini)/.test(model);

/** Waits until no call of a span waits any more and all that was journalled is in the books. */
async function settled(farthing: Installation): Promise<void> {
  for (let attempt = 0; attempt < 1_200; attempt++) {
    const metrics = await (await fetch(`${farthing.controlUrl}/metrics`)).text();
    if (/^farthing_otlp_waiting_calls 0$/m.test(metrics)) return farthing.untilBooked();
    await pause(50);
  }
  throw new Error('spans do not settle');
}
