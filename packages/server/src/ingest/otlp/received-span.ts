import type { AttributeValue, Span } from '@farthing/core';

export interface ReceivedResource {
  attributes: Map<string, AttributeValue>;
}

/** A span as it was sent, decoded and not yet checked. Ids are hexadecimal, times nanoseconds. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  start: bigint;
  end: bigint;
  failed: boolean;
  exception: string | null;
  attributes: Map<string, AttributeValue>;
  resource: ReceivedResource;
  scope: { name: string };
}

/** No model was called before; a clock that says so is not set. */
const earliest = Date.UTC(2015, 0, 1);
/** Clocks that run ahead are forgiven for so long. */
const furthestAhead = 24 * 60 * 60_000;
const longest = 31 * 24 * 60 * 60_000;

/**
 * Checks a span, or says in a few words why it cannot be taken. The words are the same for all spans
 * with the same flaw, so that a batch's flaws can be counted by them.
 */
export function checkSpan(received: ReceivedSpan, nowMilliseconds: number): Span | string {
  const trace = received.traceId.toLowerCase();
  const span = received.spanId.toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(trace) || /^0+$/.test(trace)) return 'trace_id is not 16 bytes';
  if (!/^[0-9a-f]{16}$/.test(span) || /^0+$/.test(span)) return 'span_id is not 8 bytes';
  const parent = received.parentSpanId.toLowerCase();
  if (parent !== '' && !/^[0-9a-f]{16}$/.test(parent)) return 'parent_span_id is not 8 bytes';
  const began = Number(received.start / 1000n);
  const ended = Number(received.end / 1000n);
  if (began < earliest * 1000) return 'start_time_unix_nano is missing or before 2015';
  if (began > (nowMilliseconds + furthestAhead) * 1000) {
    return 'start_time_unix_nano lies more than 24 hours in the future';
  }
  if (ended - began > longest * 1000) return 'the span is longer than 31 days';
  return {
    trace,
    span,
    parent: parent === '' || /^0+$/.test(parent) || parent === span ? null : parent,
    name: received.name,
    began,
    // A clock that was set back during the call, or a missing end: the call took no known time.
    ended: Math.max(began, ended),
    failed: received.failed,
    exception: received.exception,
    attributes: received.attributes,
    resource: received.resource.attributes,
    scope: received.scope.name.slice(0, 200),
  };
}
