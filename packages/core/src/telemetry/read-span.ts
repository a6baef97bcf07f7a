import { pricedModel } from '../pricing/priced-model.js';
import { names } from './attribute-names.js';
import { providerOfSpan } from './provider-of-span.js';
import { readSpanTags, type ProtectTags } from './read-span-tags.js';
import { readSpanUsage, statesUsage } from './read-span-usage.js';
import type { SpanCall, SpanFacts, SpanStep } from './span-facts.js';
import { roleOfSpan, type SpanRole } from './span-role.js';
import { numberOf, textOf, type Attributes, type Span } from './span.js';

/**
 * Reads what a span says about a call of a model or about a step around one. Spans of other things keep
 * their place in the trace alone: they may stand between a call and its agent. Pure; never throws.
 *
 * @param tagsOfResource reads the tags of a resource, where a caller knows them already
 */
export function readSpan(
  span: Span,
  protect: ProtectTags,
  tagsOfResource = (resource: Attributes) => readSpanTags(resource, protect),
): SpanFacts {
  const { attributes } = span;
  const facts: SpanFacts = { trace: span.trace, span: span.span, parent: span.parent };
  // Exported when a span begins, and again when it has ended.
  if (textOf(attributes, names.pendingSpan) === 'pending_span') return facts;
  const hasUsage = statesUsage(attributes);
  const role = roleOfSpan(attributes, hasUsage);
  const step = stepOf(span, role);
  if (step !== undefined) facts.step = step;
  const repeats = textOf(attributes, names.operation) === 'fetch_response';
  if (role === 'call' || (hasUsage && !repeats && role !== 'tool')) {
    facts.call = readCall(span, role === 'call' ? 'call' : 'summary', hasUsage);
  }
  const tags = readSpanTags(facts.call === undefined ? attributes : ofCall(attributes), protect);
  if (tags.length > 0) facts.tags = tags;
  const defaults = facts.call === undefined ? [] : tagsOfResource(span.resource);
  if (defaults.length > 0) facts.defaults = defaults;
  return facts;
}

/** The route of a client's request is the provider's, not the application's. */
function ofCall(attributes: Attributes): Attributes {
  if (!attributes.has('http.route')) return attributes;
  return new Map([...attributes].filter(([name]) => name !== 'http.route'));
}

function stepOf({ attributes, name }: Span, role: SpanRole): SpanStep | undefined {
  if (role === 'agent') {
    return { kind: role, name: stepName(attributes, names.agentName, name) };
  }
  if (role === 'tool') return { kind: role, name: stepName(attributes, names.toolName, name) };
  return role === 'chain'
    ? { kind: role, name: stepName(attributes, names.workflowName, name) }
    : undefined;
}

function stepName(
  attributes: Span['attributes'],
  wanted: readonly string[],
  spanName: string,
): string | null {
  const stated = textOf(attributes, [...wanted, ...names.entityName], 128);
  if (stated !== undefined) return stated;
  return spanName === '' || spanName.length > 128 ? null : spanName;
}

function readCall(span: Span, role: SpanCall['role'], hasUsage: boolean): SpanCall {
  const { attributes } = span;
  const requested = textOf(attributes, names.requestedModel);
  const answered = textOf(attributes, names.answeredModel);
  const provider = providerOfSpan(attributes, answered ?? requested);
  const { api, reading } = readSpanUsage(span, provider);
  const status = numberOf(attributes, names.httpStatus);
  const httpStatus =
    status !== undefined && Number.isInteger(status) && status >= 100 && status < 600
      ? status
      : null;
  const errorType = errorTypeOf(span);
  const outcome = outcomeOf(span, httpStatus, errorType);
  const responseId = textOf(attributes, names.responseId);
  const operation =
    textOf(attributes, names.operation, 64) ?? textOf(attributes, names.aiOperation, 64);
  const firstByte = firstByteOf(span);
  const entry = textOf(attributes, names.entryId, 64)?.toLowerCase();
  const server = textOf(attributes, names.server);
  return {
    role,
    scope: span.scope,
    began: span.began,
    ended: Math.max(span.began, span.ended),
    ...(firstByte === undefined ? {} : { first_byte_ms: firstByte }),
    provider,
    api,
    ...(operation === undefined ? {} : { operation }),
    stream: isStream(span),
    model_requested: requested ?? null,
    model: pricedModel({ provider, requested: requested ?? null, answered }),
    ...(responseId === undefined ? {} : { response_id: responseId }),
    ...(entry === undefined ? {} : { entry }),
    outcome,
    http_status: httpStatus,
    ...(errorType === undefined || outcome === 'ok' ? {} : { error_type: errorType }),
    reading: hasUsage ? reading : withoutUsage(outcome),
    // OpenAI's hosts by region have prices of their own; other addresses say nothing of a price.
    ...(server !== undefined && /^[a-z]{2}\.api\.openai\.com$/.test(server)
      ? { context: { endpoint: server } }
      : {}),
  };
}

function withoutUsage(outcome: SpanCall['outcome']): SpanCall['reading'] {
  return outcome === 'error'
    ? { status: 'not_billed', reason: 'the call failed, and its span states no usage' }
    : { status: 'no_usage', reason: 'the span states no usage' };
}

function outcomeOf(
  { failed, attributes }: Span,
  httpStatus: number | null,
  errorType: string | undefined,
): SpanCall['outcome'] {
  const error =
    failed ||
    (httpStatus !== null && httpStatus >= 400) ||
    textOf(attributes, names.errorType) !== undefined ||
    textOf(attributes, names.langfuseLevel) === 'ERROR';
  if (!error) return 'ok';
  return errorType !== undefined && /abort|cancel/i.test(errorType) ? 'aborted' : 'error';
}

/** A type or a code; a message would not be one word. */
function errorTypeOf({ attributes, exception }: Span): string | undefined {
  const type = textOf(attributes, names.errorType, 128) ?? exception ?? undefined;
  return type !== undefined && /^[\w.:/-]{1,128}$/.test(type) ? type : undefined;
}

function isStream({ attributes }: Span): boolean {
  if (names.stream.some((name) => attributes.get(name) === true)) return true;
  return textOf(attributes, names.aiOperation)?.endsWith('.doStream') === true;
}

function firstByteOf({ attributes }: Span): number | undefined {
  const seconds = numberOf(attributes, names.firstChunkSeconds);
  const milliseconds =
    numberOf(attributes, names.firstChunkMilliseconds) ??
    (seconds === undefined ? undefined : seconds * 1000);
  return milliseconds !== undefined && milliseconds >= 0 && milliseconds < 86_400_000
    ? Math.round(milliseconds)
    : undefined;
}
