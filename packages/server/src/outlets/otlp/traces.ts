import { createHash } from 'node:crypto';
import type { Entry } from '@farthing/core';
import { operationOf, spanAttributes, text } from './attributes.js';

const clientKind = 3;
const errorStatus = 2;

/** The name of our instrumentation scope: who receives it knows that the calls were accounted already. */
export const scopeName = 'farthing';

export function tracesRequest(
  entries: readonly Entry[],
  { service, costAttributes }: { service: string; costAttributes: boolean },
): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: [text('service.name', service)] },
        scopeSpans: [
          {
            scope: { name: scopeName },
            spans: entries.map((entry) => spanOf(entry, costAttributes)),
          },
        ],
      },
    ],
  };
}

function spanOf(entry: Entry, costAttributes: boolean): object {
  const hash = createHash('sha256').update(entry.id).digest('hex');
  const { trace } = entry.tags;
  const isFailure = entry.outcome === 'error' || entry.outcome === 'interrupted';
  return {
    // A trace that the caller named is continued; else the call is one of its own.
    traceId: trace !== undefined && /^[0-9a-f]{32}$/.test(trace) ? trace : hash.slice(0, 32),
    spanId: hash.slice(32, 48),
    name: `${operationOf(entry.api)} ${entry.model ?? entry.model_requested ?? ''}`.trim(),
    kind: clientKind,
    startTimeUnixNano: nanoseconds(entry.started_at),
    endTimeUnixNano: nanoseconds(entry.ended_at),
    attributes: spanAttributes(entry, costAttributes),
    status: isFailure ? { code: errorStatus } : {},
  };
}

export function nanoseconds(time: string): string {
  return `${Date.parse(time)}000000`;
}
