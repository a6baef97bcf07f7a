import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Entry } from '@farthing/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  startFakeProvider,
  type FakeProvider,
} from '../../packages/server/src/fake-provider/index.js';
import {
  chat,
  jsonExport,
  protobufExport,
} from '../../packages/server/src/ingest/otlp/otlp-bytes.fixture.js';
import { Installation } from '../support/farthing-process.js';
import { freePort } from '../support/free-port.js';
import { billed, booked, untilSettled } from './books.js';
import { runApp } from './run-app.js';

/** Applications under real instrumentations, and the models whose usage those do not state. */
const apps = [
  { name: 'opentelemetry-openai', encoding: 'protobuf', compression: 'gzip', silent: [] },
  {
    name: 'traceloop-openai',
    encoding: 'json',
    compression: 'none',
    // Streams, unless it is told to estimate them.
    silent: ['gpt-4o-2024-08-06'],
  },
  {
    name: 'traceloop-anthropic',
    encoding: 'protobuf',
    compression: 'none',
    silent: [],
    // The client has an instrumentation of its own, which is left out here and in force below.
    withoutScope: 'com.anthropic.sdk.typescript',
  },
  {
    name: 'anthropic-itself',
    script: 'traceloop-anthropic',
    encoding: 'json',
    compression: 'gzip',
    silent: [],
    withoutScope: '@traceloop/instrumentation-anthropic',
  },
  {
    name: 'openinference-openai',
    encoding: 'json',
    compression: 'gzip',
    // Streams and embeddings.
    silent: ['gpt-4o-2024-08-06', 'text-embedding-3-small'],
  },
  { name: 'langfuse-openai', encoding: 'protobuf', compression: 'gzip', silent: [] },
  { name: 'ai-sdk', encoding: 'json', compression: 'none', silent: [] },
  { name: 'layered', encoding: 'protobuf', compression: 'gzip', silent: [] },
] as const;
const throughGateway = ['opentelemetry-openai', 'traceloop-anthropic', 'ai-sdk'] as const;

let farthing: Installation;
let gatewayProvider: FakeProvider;
let otlpUrl: string;
let entries: Entry[];
const providers = new Map<string, FakeProvider>();

beforeAll(async () => {
  gatewayProvider = await startFakeProvider({ seed: 'otlp' });
  const port = await freePort();
  otlpUrl = `http://127.0.0.1:${port}`;
  farthing = await Installation.create(gatewayProvider.url, {
    more: { otlp: { port, hold: '1s', hold_summaries: '3s' } },
  });
  await farthing.start('up');
  await Promise.all(
    apps.map(async ({ name, encoding, compression, ...settings }) => {
      const provider = await startFakeProvider({ seed: name });
      providers.set(name, provider);
      const endpoint = encoding === 'json' ? farthing.controlUrl : otlpUrl;
      await runApp('script' in settings ? settings.script : name, {
        service: name,
        providerUrl: provider.url,
        endpoint,
        encoding,
        compression,
        ...('withoutScope' in settings ? { withoutScope: settings.withoutScope } : {}),
      });
    }),
  );
  await Promise.all(
    throughGateway.map((name) =>
      runApp(name, {
        providerUrl: farthing.gatewayUrl,
        endpoint: otlpUrl,
        service: `${name}-gateway`,
      }),
    ),
  );
  await untilSettled(farthing);
  entries = await farthing.entries();
}, 150_000);
afterAll(async () => {
  await farthing.remove();
  await gatewayProvider.close();
  for (const provider of providers.values()) await provider.close();
});

const ofService = (service: string) =>
  entries.filter(({ tags }) => tags.custom?.['service'] === service);

describe.each(apps)('$name', ({ name, silent }) => {
  test('books what the provider billed, model by model', () => {
    // Langfuse books a stream under the name that was asked for, because it keeps no other.
    const calls = ofService(name).map((entry) =>
      entry.model === 'gpt-4o' ? { ...entry, model: 'gpt-4o-2024-08-06' } : entry,
    );
    const provider = providers.get(name)!;
    expect(provider.books.report().lines.length).toBeGreaterThan(0);
    expect(booked(calls)).toEqual(billed(provider, silent));
  });

  test('says of calls without usage that their cost is unknown', () => {
    const unknown = ofService(name).filter(({ cost }) => cost.usd === null);
    expect(unknown).toHaveLength(silent.length);
    expect(unknown.every(({ cost }) => cost.status === 'no_usage')).toBe(true);
  });

  test('carries who and what it was for', () => {
    const calls = ofService(name);
    for (const { tags, source, span } of calls) {
      expect(source).toMatch(/^otlp:./);
      expect(tags).toMatchObject({ environment: 'test', tenant: 'acme', trace: span!.trace });
      expect(tags.user).toMatch(/^u_[0-9a-f]{20}$/);
      expect(tags.run).toBe(tags.trace);
    }
    const [first] = calls;
    if (name === 'ai-sdk') {
      expect(first!.tags).toMatchObject({
        feature: 'invoice-agent',
        session: 's-7',
        segment: 'pro',
      });
      expect(first!.span!.path).toMatchObject([{ kind: 'chain', name: 'ai.generateText' }]);
    } else if (name === 'langfuse-openai') {
      expect(first!.tags).toMatchObject({ session: 's-1' });
    } else if (!name.includes('anthropic')) {
      expect(first!.tags).toMatchObject({ feature: 'billing' });
    }
  });
});

test('failed calls are on record and cost nothing', () => {
  for (const name of [
    'opentelemetry-openai',
    'langfuse-openai',
    'traceloop-anthropic',
    'layered',
  ]) {
    const failed = ofService(name).filter(({ outcome }) => outcome === 'error');
    expect(failed).toMatchObject([{ cost: { usd: '0', status: 'not_billed' } }]);
  }
});

describe('through the gateway, with the same instrumentations', () => {
  test.each(throughGateway)('no call of %s is booked again', (name) => {
    expect(ofService(`${name}-gateway`)).toEqual([]);
  });

  test('the gateway’s books are the provider’s', () => {
    const calls = entries.filter(({ source }) => source === 'gateway');
    expect(calls.length).toBeGreaterThan(15);
    expect(booked(calls)).toEqual(billed(gatewayProvider, []));
  });
});

test('nothing was taken back: all duplicates were seen while they waited', () => {
  expect(entries.filter(({ kind }) => kind === 'adjustment')).toEqual([]);
});

test('no prompt, no answer and no plain user is anywhere in the data directory', () => {
  const names = readdirSync(farthing.dataDirectory, { recursive: true, withFileTypes: true });
  const files = names.filter((found) => found.isFile());
  expect(files.some(({ parentPath }) => parentPath.endsWith('telemetry'))).toBe(true);
  for (const { parentPath, name } of files) {
    const text = readFileSync(join(parentPath, name), 'latin1');
    expect(/SECRET-PROMPT|jane@example|sk-otlp/.test(text), name).toBe(false);
  }
});

describe('a batch', () => {
  const post = (body: Buffer | string, headers: Record<string, string>) =>
    fetch(`${otlpUrl}/v1/traces`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers,
    });
  const start = BigInt(Date.now()) * 1_000_000n;
  const id = (n: number, length: number) => n.toString(16).padStart(length, '0');

  test('of 10 MB with long prompts is taken, and its calls are booked', async () => {
    const prompt = 'SECRET-PROMPT '.repeat(400);
    const spans = Array.from({ length: 2_000 }, (_, n) => ({
      traceId: id(0x1000 + n, 32),
      spanId: id(n + 1, 16),
      start,
      end: start + 1_000_000n,
      attributes: { ...chat, 'gen_ai.input.messages': prompt },
    }));
    const body = Buffer.from(protobufExport(spans, 'large'));
    expect(body.length).toBeGreaterThan(10_000_000);
    const response = await post(gzipSync(body), {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
    });
    expect(response.status).toBe(200);
    await untilSettled(farthing);
    const { rows } = await farthing.query({
      measures: ['calls', 'cost'],
      filters: [{ dimension: 'source', op: 'in', values: ['otlp:large'] }],
    });
    // 2,000 × (1,000 × 0.15 + 100 × 0.6) per million
    expect(rows).toMatchObject([{ calls: 2_000, cost: '0.42' }]);
  });

  test('that is sent again changes nothing', async () => {
    const body = jsonExport([{ traceId: id(77, 32), start, end: start + 5_000_000n }], 'again');
    for (let sent = 0; sent < 3; sent++) {
      expect((await post(body, { 'content-type': 'application/json' })).status).toBe(200);
      await untilSettled(farthing);
    }
    const calls = (await farthing.entries()).filter(({ source }) => source === 'otlp:again');
    expect(calls).toHaveLength(1);
  });

  test('that a page of another site sends is refused', async () => {
    const headers = { 'content-type': 'application/json', origin: 'https://evil.example' };
    expect((await post(jsonExport([{}]), headers)).status).toBe(403);
  });

  test('is lost by no kill after its answer', async () => {
    const provider = await startFakeProvider({});
    const installation = await Installation.create(provider.url, {
      more: { otlp: { hold: '2s' } },
    });
    const ledger = await installation.start('ledger');
    const response = await fetch(`${installation.controlUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: jsonExport([{ start, end: start + 5_000_000n }]),
    });
    expect(response.status).toBe(200);
    await installation.kill(ledger, 'SIGKILL');
    expect(await installation.start('ledger').then(() => untilSettled(installation))).toBe(
      undefined,
    );
    expect(await installation.entries()).toHaveLength(1);
    await installation.remove();
    await provider.close();
  });
});
