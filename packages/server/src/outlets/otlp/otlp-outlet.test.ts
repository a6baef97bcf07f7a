import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { sampleEntry } from '../../store/conformance/batches.js';
import { OutletRefused } from '../outlet.js';
import { openOtlpOutlet } from './otlp-outlet.js';

/* eslint-disable typescript/no-explicit-any -- what a test expects of a request is its type */
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function startCollector(
  answer: () => { status: number; body?: object } = () => ({ status: 200 }),
) {
  const requests: { path: string; headers: Record<string, unknown>; body: any }[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { status, body = {} } = answer();
      const text = Buffer.concat(chunks).toString();
      requests.push({ path: incoming.url!, headers: incoming.headers, body: JSON.parse(text) });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

const attributesOf = (span: any): Record<string, unknown> =>
  Object.fromEntries(span.attributes.map(({ key, value }: any) => [key, Object.values(value)[0]]));

test('a call is a span of its trace, with tokens, exact cost and tags', async () => {
  const { url, requests } = await startCollector();
  const outlet = openOtlpOutlet({ url: `${url}/`, headers: { 'x-key': '1' }, signals: ['traces'] });
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const entry = sampleEntry({
    tags: { feature: 'search', user: 'u_1', session: 's', trace, custom: { team: 'core' } },
  });
  await outlet.write([entry]);
  await outlet.write([entry]);
  expect(requests.map(({ path }) => path)).toEqual(['/v1/traces', '/v1/traces']);
  expect(requests[0]!.headers['x-key']).toBe('1');
  // The same span when it comes again.
  expect(requests[1]!.body).toEqual(requests[0]!.body);
  const [{ resource, scopeSpans }] = requests[0]!.body.resourceSpans;
  expect(resource.attributes).toEqual([
    { key: 'service.name', value: { stringValue: 'farthing' } },
  ]);
  expect(scopeSpans[0].scope).toEqual({ name: 'farthing' });
  const [span] = scopeSpans[0].spans;
  expect(span).toMatchObject({ traceId: trace, kind: 3, name: `chat ${entry.model}`, status: {} });
  expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
  expect(BigInt(span.startTimeUnixNano) / 1_000_000n).toBe(BigInt(Date.parse(entry.started_at)));
  const { tokens } = entry.usage!;
  expect(attributesOf(span)).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': entry.provider,
    'gen_ai.response.model': entry.model,
    'gen_ai.usage.input_tokens': String(
      tokens.input_uncached +
        tokens.cache_read +
        tokens.cache_write +
        tokens.cache_write_5m +
        tokens.cache_write_1h,
    ),
    'gen_ai.usage.output_tokens': String(tokens.output),
    'gen_ai.conversation.id': 's',
    'enduser.pseudo.id': 'u_1',
    'farthing.cost.usd': entry.cost.usd,
    'farthing.tag.feature': 'search',
    'farthing.tag.team': 'core',
  });
  expect(attributesOf(span)).not.toHaveProperty('gen_ai.usage.cost.amount');
});

test('metrics are histograms of the calls of a batch, and the cost is their sum', async () => {
  const { url, requests } = await startCollector();
  const outlet = openOtlpOutlet({ url, signals: ['metrics'] });
  const entries = [sampleEntry(), sampleEntry(), sampleEntry({ provider: 'anthropic' })];
  await outlet.write(entries);
  const [{ scopeMetrics }] = requests[0]!.body.resourceMetrics;
  const [tokens, durations, costs] = scopeMetrics[0].metrics;
  expect(tokens).toMatchObject({ name: 'gen_ai.client.token.usage', unit: '{token}' });
  expect(tokens.histogram.dataPoints).toHaveLength(4);
  for (const point of [...tokens.histogram.dataPoints, ...durations.histogram.dataPoints]) {
    expect(point.bucketCounts).toHaveLength(point.explicitBounds.length + 1);
    const total = point.bucketCounts.reduce((sum: number, one: string) => sum + Number(one), 0);
    expect(total).toBe(Number(point.count));
  }
  const spent = costs.sum.dataPoints.map((point: any) => point.asDouble);
  expect(spent.sort()).toEqual([Number(entries[0]!.cost.usd), Number(entries[0]!.cost.usd) * 2]);
});

test('statuses that may pass are tried again; what a collector rejects is not hidden', async () => {
  let answer: { status: number; body?: object } = { status: 503 };
  const { url } = await startCollector(() => answer);
  const outlet = openOtlpOutlet({ url });
  const failure = () =>
    outlet.write([sampleEntry()]).then(
      () => null,
      (error: unknown) => error,
    );
  expect(await failure()).not.toBeInstanceOf(OutletRefused);
  answer = { status: 400 };
  expect(await failure()).toBeInstanceOf(OutletRefused);
  answer = {
    status: 200,
    body: { partialSuccess: { rejectedSpans: '1', errorMessage: 'too old' } },
  };
  expect(await failure()).toMatchObject({ message: expect.stringContaining('too old') });
  answer = { status: 200, body: { partialSuccess: {} } };
  expect(await failure()).toBeNull();
});
