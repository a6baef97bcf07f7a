import type { Attributes, MeterProvider, TracerProvider } from '@opentelemetry/api';
import type { Entry } from '@farthing/core';
import { totalInput } from '@farthing/core';
import { noCounts, type Sink } from './sink.js';

export interface OpenTelemetrySinkOptions {
  /** Spans go here, e.g. `trace.getTracerProvider()`. Default: none. */
  tracerProvider?: TracerProvider | undefined;
  /** Metrics go here, e.g. `metrics.getMeterProvider()`. Default: none. */
  meterProvider?: MeterProvider | undefined;
  /** Whether cost stands on spans and in a counter. Its names are proposed, not settled. Default false. */
  cost?: boolean | undefined;
}

/** `SpanKind.CLIENT` and `SpanStatusCode.ERROR` of the API, which is needed for its types alone. */
const client = 2;
const error = 2;

const operations: Readonly<Record<string, string>> = {
  'chat.completions': 'chat',
  completions: 'text_completion',
  embeddings: 'embeddings',
  embedContent: 'embeddings',
  'embed.v2': 'embeddings',
  generateContent: 'generate_content',
  tool: 'execute_tool',
};

/** Names of providers that OpenTelemetry spells otherwise. */
const providers: Readonly<Record<string, string>> = {
  google: 'gcp.gemini',
  'google-vertex': 'gcp.vertex_ai',
  'aws-bedrock': 'aws.bedrock',
  azure: 'azure.ai.openai',
  mistral: 'mistral_ai',
  xai: 'x_ai',
};

/**
 * Entries as spans and metrics of OpenTelemetry, in the names of its conventions for generative AI.
 * Users are not among the attributes of metrics.
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/
 */
export function openTelemetrySink(options: OpenTelemetrySinkOptions): Sink {
  const { tracerProvider, meterProvider, cost = false } = options;
  const report = noCounts();
  const tracer = tracerProvider?.getTracer('@farthing/sdk');
  const meter = meterProvider?.getMeter('@farthing/sdk');
  const tokens = meter?.createHistogram('gen_ai.client.token.usage', { unit: '{token}' });
  const duration = meter?.createHistogram('gen_ai.client.operation.duration', { unit: 's' });
  const spent = cost ? meter?.createCounter('farthing.cost', { unit: '{USD}' }) : undefined;

  function measure(entry: Entry): void {
    const common = commonAttributes(entry);
    duration?.record(entry.duration_ms / 1_000, withError(common, entry));
    const used = entry.usage?.tokens;
    if (used !== undefined && tokens !== undefined) {
      tokens.record(totalInput(used), { ...common, 'gen_ai.token.type': 'input' });
      tokens.record(used.output, { ...common, 'gen_ai.token.type': 'output' });
    }
    if (entry.cost.usd !== null) spent?.add(Number(entry.cost.usd), common);
  }

  function trace(entry: Entry): void {
    const name = `${operationOf(entry)} ${entry.model ?? entry.model_requested ?? ''}`.trim();
    const span = tracer!.startSpan(name, {
      kind: client,
      startTime: Date.parse(entry.started_at),
      attributes: spanAttributes(entry, cost),
    });
    if (entry.outcome === 'error' || entry.outcome === 'interrupted')
      span.setStatus({ code: error });
    span.end(Date.parse(entry.ended_at));
  }

  return {
    name: 'opentelemetry',
    report,
    write(entry) {
      report.written++;
      try {
        if (entry.outcome !== 'unmetered') {
          measure(entry);
          if (tracer !== undefined) trace(entry);
        }
        report.delivered++;
      } catch (problem) {
        report.dropped++;
        report.failure = (problem as Error).message;
      }
    },
    // Providers flush and close on their owner's word: they serve the whole application.
    flush: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

function operationOf({ api }: Entry): string {
  return operations[api] ?? 'chat';
}

function commonAttributes(entry: Entry): Attributes {
  const { provider, model_requested: requested, model } = entry;
  return {
    'gen_ai.operation.name': operationOf(entry),
    'gen_ai.provider.name': providers[provider] ?? provider,
    ...(requested === null ? {} : { 'gen_ai.request.model': requested }),
    ...(model === null ? {} : { 'gen_ai.response.model': model }),
  };
}

function withError(
  attributes: Attributes,
  { outcome, error_type, http_status }: Entry,
): Attributes {
  if (outcome === 'ok') return attributes;
  return { ...attributes, 'error.type': error_type ?? String(http_status ?? outcome) };
}

function spanAttributes(entry: Entry, cost: boolean): Attributes {
  const { usage, tags, response_id: id, estimate } = entry;
  const attributes: Attributes = withError(commonAttributes(entry), entry);
  if (id !== undefined) attributes['gen_ai.response.id'] = id;
  if (usage !== null) {
    const { tokens, details } = usage;
    attributes['gen_ai.usage.input_tokens'] = totalInput(tokens);
    attributes['gen_ai.usage.output_tokens'] = tokens.output;
    attributes['gen_ai.usage.cache_read.input_tokens'] = tokens.cache_read;
    attributes['gen_ai.usage.cache_write.input_tokens'] =
      tokens.cache_write + tokens.cache_write_5m + tokens.cache_write_1h;
    if (details.reasoning !== undefined) {
      attributes['gen_ai.usage.reasoning.output_tokens'] = details.reasoning;
    }
  }
  if (tags.session !== undefined) attributes['gen_ai.conversation.id'] = tags.session;
  if (tags.agent !== undefined) attributes['gen_ai.agent.name'] = tags.agent;
  for (const [name, value] of Object.entries({ ...tags, ...tags.custom })) {
    if (typeof value === 'string') attributes[`farthing.${name}`] = value;
  }
  attributes['farthing.entry.id'] = entry.id;
  if (estimate?.usd !== undefined && cost) attributes['farthing.estimate.usd'] = estimate.usd;
  if (cost && entry.cost.usd !== null) {
    attributes['gen_ai.usage.cost.amount'] = Number(entry.cost.usd);
    attributes['gen_ai.usage.cost.currency'] = 'USD';
  }
  return attributes;
}
