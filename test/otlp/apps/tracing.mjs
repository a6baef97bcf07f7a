// What every app of these tests does first: a tracer provider that exports as the environment says.
import { context, propagation, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

export const providerUrl = process.env.PROVIDER_URL;
export const secret = 'SECRET-PROMPT-WORDS';

/** With OTEL_EXPORTER_OTLP_ENDPOINT and _COMPRESSION as any application has them. */
export function exporter() {
  return process.env.OTLP_ENCODING === 'json' ? new JsonExporter() : new ProtobufExporter();
}

/** Hands a batch to the exporter until it is taken, as a queue before a collector does. */
function persistent(inner) {
  const send = (spans, done) =>
    inner.export(spans, (result) => {
      if (result.code === 0) done(result);
      else setTimeout(() => send(spans, done), 100);
    });
  return { export: send, forceFlush: async () => {}, shutdown: () => inner.shutdown() };
}

const rounds = Number(process.env.ROUNDS || 0);

function processor() {
  if (rounds === 0) return new BatchSpanProcessor(exporter());
  return new BatchSpanProcessor(persistent(exporter()), {
    scheduledDelayMillis: 20,
    maxExportBatchSize: 8,
    exportTimeoutMillis: 120_000,
  });
}

/** Does the work once, or as often as ROUNDS says. */
export async function inRounds(work) {
  for (let round = 0; round < Math.max(1, rounds); round++) await work();
}

/** With WITHOUT_SCOPE, the spans of that library do not leave: as if it were not installed. */
function filtered(inner) {
  const without = process.env.WITHOUT_SCOPE;
  if (without === undefined || without === '') return inner;
  return {
    onStart: (span, parent) => inner.onStart(span, parent),
    onEnd: (span) => {
      if (span.instrumentationScope.name !== without) inner.onEnd(span);
    },
    forceFlush: () => inner.forceFlush(),
    shutdown: () => inner.shutdown(),
  };
}

export function startTracing(processors = [filtered(processor())]) {
  const tracerProvider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      'service.name': process.env.APP_NAME,
      'deployment.environment.name': 'test',
      'farthing.tenant': 'acme',
    }),
    spanProcessors: processors,
  });
  tracerProvider.register();
  return tracerProvider;
}

/** Runs the work inside a span of the application's own, as an HTTP server's would be. */
export async function inRequest(name, attributes, work) {
  const tracer = trace.getTracer('shop');
  await tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      await work();
    } finally {
      span.end();
    }
  });
}

/** The headers that an instrumented HTTP client sends along. */
export function traceHeaders() {
  const carrier = {};
  propagation.inject(context.active(), carrier);
  return carrier;
}

export async function failing(work) {
  await work().then(
    () => {
      throw new Error('this call should have failed');
    },
    () => undefined,
  );
}
