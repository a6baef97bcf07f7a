// Where every copy of `@opentelemetry/api` of its major keeps itself, and the key of the active span.
const api = Symbol.for('opentelemetry.js.api.1');
const spanKey = Symbol.for('OpenTelemetry Context Key SPAN');

interface OpenTelemetry {
  context?: {
    active(): { getValue(key: symbol): { spanContext(): { traceId: string } } | undefined };
  };
}

/**
 * The trace that the code runs in, where OpenTelemetry runs in this process. By it a call and the
 * spans that instrumentations write of it are known for the same, also where they have no id of an
 * answer (embeddings, errors).
 */
export function activeTrace(): string | undefined {
  const telemetry = (globalThis as { [api]?: OpenTelemetry })[api];
  if (telemetry?.context === undefined) return undefined;
  try {
    const trace = telemetry.context.active().getValue(spanKey)?.spanContext().traceId;
    return isTrace(trace) ? trace : undefined;
  } catch {
    return undefined;
  }
}

/** https://www.w3.org/TR/trace-context/#trace-id: sixteen bytes, not all of them zero. */
function isTrace(trace: string | undefined): trace is string {
  return trace !== undefined && /^(?!0{32})[0-9a-f]{32}$/.test(trace);
}
