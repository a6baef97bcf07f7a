import type { Entry } from '@farthing/core';
import { OutletRefused, type Outlet } from '../outlet.js';
import { metricsRequest } from './metrics.js';
import { tracesRequest } from './traces.js';

export interface OtlpOptions {
  /** The collector's base, e.g. `http://localhost:4318`; `/v1/traces` and `/v1/metrics` are added. */
  url: string;
  headers?: Readonly<Record<string, string>> | undefined;
  /** Default: both. */
  signals?: readonly ('traces' | 'metrics')[] | undefined;
  /** `service.name` of the resource. Default `farthing`. */
  service?: string | undefined;
  /** Adds `gen_ai.usage.cost.*`, which the conventions propose and have not settled. */
  costAttributes?: boolean | undefined;
  /** Default 10 seconds. */
  timeoutMilliseconds?: number | undefined;
}

/** Statuses that the specification lets a client try again. */
const passing: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/**
 * A span for each call, and metrics of the GenAI conventions with delta temporality, as OTLP/HTTP in
 * JSON. Trace and span ids follow from the entry, so a batch that comes again makes the same spans;
 * metrics of a batch whose answer was lost count twice.
 */
export function openOtlpOutlet(options: OtlpOptions): Outlet {
  const base = options.url.replace(/\/+$/, '');
  // The rest of an address is often a secret.
  const { host } = new URL(base);
  const signals = options.signals ?? ['traces', 'metrics'];
  const service = options.service ?? 'farthing';
  const post = async (path: string, body: object): Promise<void> => {
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      signal: AbortSignal.timeout(options.timeoutMilliseconds ?? 10_000),
      headers: { ...options.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).catch((error: Error) => {
      // A message of the client's own may quote a header, which may be a secret.
      const reason = (error.cause as Error | undefined)?.message ?? error.name;
      throw new Error(`${host} does not answer: ${reason}`, { cause: error });
    });
    const text = await response.text();
    if (!response.ok) {
      const message = `${host}${path} answers ${response.status}`;
      throw passing.has(response.status) ? new Error(message) : new OutletRefused(message);
    }
    const problem = rejected(text);
    // The specification forbids to send the rest again; to hide it would be worse than to stop.
    if (problem !== null) throw new OutletRefused(`${host}${path} did not take all: ${problem}`);
  };
  return {
    async write(entries: readonly Entry[]) {
      const calls = entries.filter(({ kind }) => kind === 'call');
      if (calls.length === 0) return;
      if (signals.includes('traces')) {
        const costAttributes = options.costAttributes ?? false;
        await post('/v1/traces', tracesRequest(calls, { service, costAttributes }));
      }
      if (signals.includes('metrics'))
        await post('/v1/metrics', metricsRequest(calls, { service }));
    },
    close: () => Promise.resolve(),
  };
}

/** What a partial success says; null when all was taken. */
function rejected(text: string): string | null {
  try {
    const { partialSuccess } = JSON.parse(text) as {
      partialSuccess?: {
        rejectedSpans?: string | number;
        rejectedDataPoints?: string | number;
        errorMessage?: string;
      };
    };
    const count = Number(partialSuccess?.rejectedSpans ?? partialSuccess?.rejectedDataPoints ?? 0);
    return count > 0
      ? `${count} rejected: ${partialSuccess?.errorMessage ?? 'no reason given'}`
      : null;
  } catch {
    return null;
  }
}
