import { isReadAttribute, type AttributeValue } from '@farthing/core';
import type { ReceivedResource, ReceivedSpan } from './received-span.js';

type Fields = Readonly<Record<string, unknown>>;

/** Attributes of a `Resource` object. */
export function readResourceObject(resource: unknown): Map<string, AttributeValue> {
  return attributesOf(at(resource, 'attributes'));
}

/** Name of a scope object. */
export function readScopeObject(scope: unknown): string {
  return textOf(at(scope, 'name'));
}

/** A span object of OTLP's JSON. What is not what it should be is left out. */
export function readSpanObject(
  span: unknown,
  resource: ReceivedResource,
  scope: { name: string },
): ReceivedSpan {
  const code = at(at(span, 'status'), 'code');
  return {
    traceId: textOf(at(span, 'traceId', 'trace_id')),
    spanId: textOf(at(span, 'spanId', 'span_id')),
    parentSpanId: textOf(at(span, 'parentSpanId', 'parent_span_id')),
    name: textOf(at(span, 'name')),
    start: nanoseconds(at(span, 'startTimeUnixNano', 'start_time_unix_nano')),
    end: nanoseconds(at(span, 'endTimeUnixNano', 'end_time_unix_nano')),
    failed: code === 2 || code === 'STATUS_CODE_ERROR',
    exception: exceptionOf(span),
    attributes: attributesOf(at(span, 'attributes')),
    resource,
    scope,
  };
}

function exceptionOf(span: unknown): string | null {
  for (const event of listAt(span, 'events')) {
    const attributes = attributesOf(at(event, 'attributes'), (name) => name === 'exception.type');
    const type = attributes.get('exception.type');
    if (typeof type === 'string') return type;
  }
  return null;
}

function attributesOf(
  list: unknown,
  isRead: (name: string) => boolean = isReadAttribute,
): Map<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>();
  if (!Array.isArray(list)) return attributes;
  for (const pair of list) {
    const key = textOf(at(pair, 'key'));
    if (!isRead(key)) continue;
    const value = valueOf(at(pair, 'value'), 0);
    if (value !== undefined) attributes.set(key, value);
  }
  return attributes;
}

function valueOf(value: unknown, depth: number): AttributeValue | undefined {
  const text = at(value, 'stringValue', 'string_value');
  if (typeof text === 'string') return text;
  const flag = at(value, 'boolValue', 'bool_value');
  if (typeof flag === 'boolean') return flag;
  const whole = at(value, 'intValue', 'int_value');
  if (typeof whole === 'number') return whole;
  if (typeof whole === 'string' && /^-?\d{1,19}$/.test(whole)) return Number(whole);
  const double = at(value, 'doubleValue', 'double_value');
  if (typeof double === 'number') return double;
  const list = at(at(value, 'arrayValue', 'array_value'), 'values');
  if (!Array.isArray(list) || depth >= 2) return undefined;
  return list.slice(0, 64).flatMap((item) => valueOf(item, depth + 1) ?? []);
}

/** The latest time that `fixed64` holds, in the year 2554. */
const latest = 2n ** 64n - 1n;

/** What is later than 64 bits hold is the latest time, not a missing one; what is no time is 0. */
function nanoseconds(value: unknown): bigint {
  if (typeof value === 'string' && /^\d+$/.test(value)) {
    const time = value.length > 20 ? latest : BigInt(value);
    return time > latest ? latest : time;
  }
  if (typeof value !== 'number' || !(value >= 0)) return 0n;
  return value > Number(latest) ? latest : BigInt(Math.trunc(value / 1000)) * 1000n;
}

function at(value: unknown, ...names: string[]): unknown {
  if (!isFields(value)) return undefined;
  for (const name of names) if (value[name] !== undefined) return value[name];
  return undefined;
}

function listAt(value: unknown, ...names: string[]): unknown[] {
  const list = at(value, ...names);
  return Array.isArray(list) ? list : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
