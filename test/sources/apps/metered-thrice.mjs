// An application whose every call is seen by an instrumentation of OpenTelemetry and by the SDK, every
// other one by a gateway, too. It says `made` after its calls, and sends what the SDK has booked when
// it is told to end.
import { once } from 'node:events';
import { Farthing, remoteSink } from '@farthing/sdk';
import { context, propagation, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import OpenAI from 'openai';

const { PROVIDER_URL, GATEWAY_URL, CONTROL_URL, CALLS, SDK_WAITS } = process.env;

const exporter = new OTLPTraceExporter({ url: `${CONTROL_URL}/v1/traces` });
const tracing = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 100 })],
});
tracing.register();
const instrumentation = new OpenAIInstrumentation();
instrumentation.setTracerProvider(tracing);
instrumentation.setMeterProvider(new MeterProvider());
instrumentation.init()[0].patch({ OpenAI });

const batchMilliseconds = SDK_WAITS === 'yes' ? 3_600_000 : 100;
const batchEntries = SDK_WAITS === 'yes' ? 1_000_000 : 100;
const sink = remoteSink({
  url: CONTROL_URL,
  batchMilliseconds,
  batchEntries,
  memoryEntries: batchEntries,
});
const farthing = new Farthing({ sinks: [sink] });
// As an instrumentation of HTTP does: by the trace the gateway's record of a call is recognised.
const traced = (url, init) => {
  const headers = new Headers(init.headers);
  propagation.inject(context.active(), headers, { set: (to, name, value) => to.set(name, value) });
  return fetch(url, { ...init, headers });
};
const clientAt = (baseURL) =>
  farthing.meter(new OpenAI({ baseURL, apiKey: 'sk-sources', maxRetries: 2, fetch: traced }));
const direct = clientAt(`${PROVIDER_URL}/openai/v1`);
const throughGateway = clientAt(`${GATEWAY_URL}/openai/v1`);

const kinds = [
  'chat',
  'stream',
  'tools',
  'embeddings',
  'error',
  'retry',
  'abort',
  'chat',
  'stream',
];
const tools = [{ type: 'function', function: { name: 'due', parameters: { type: 'object' } } }];

async function call(n) {
  const client = n % 2 === 0 ? direct : throughGateway;
  const kind = kinds[(n >> 1) % kinds.length];
  const messages = [{ role: 'user', content: `What is due on day ${n % 5}?` }];
  const request = { model: n % 3 === 0 ? 'gpt-4o-mini' : 'gpt-5-mini', messages };
  const { completions } = client.chat;
  if (kind === 'chat') await completions.create(request);
  if (kind === 'tools') {
    await completions.create({ ...request, tools }, { headers: { 'x-fake-tool-call': 'yes' } });
  }
  if (kind === 'embeddings') {
    await client.embeddings.create({ model: 'text-embedding-3-small', input: `day ${n % 5}` });
  }
  if (kind === 'stream') {
    for await (const chunk of await completions.create({ ...request, stream: true })) void chunk;
  }
  if (kind === 'error') {
    const options = { headers: { 'x-fake-fault': '500' }, maxRetries: 0 };
    await completions.create(request, options).catch(() => undefined);
  }
  if (kind === 'retry') {
    const headers = { 'x-fake-fault': '429', 'x-fake-fault-attempts': '1', 'x-fake-seed': `${n}` };
    await completions.create(request, { headers });
  }
  if (kind === 'abort') {
    // Its model is its own: what an aborted answer costs is an estimate.
    const stream = await completions.create({ ...request, model: 'gpt-4o', stream: true });
    for await (const chunk of stream) if (chunk.choices.length > 0) break;
  }
}

let next = 0;
const worker = async () => {
  while (next < Number(CALLS)) {
    const n = next++;
    const tracer = trace.getTracer('shop');
    await tracer.startActiveSpan(`request ${n}`, (span) => call(n).finally(() => span.end()));
  }
};
await Promise.all(Array.from({ length: 8 }, worker));
await tracing.forceFlush();
process.stdout.write('made\n');
await once(process.stdin, 'data');
await sink.close();
await tracing.shutdown();
process.stdout.write(`${JSON.stringify(sink.report)}\n`);
process.exit(0);
