import type { Attributes, AttributeValue, Span } from './span.js';

export const began = Date.UTC(2026, 10, 1, 12) * 1000;

/** A span as a test wants it: ids are padded, times are in milliseconds from a fixed noon. */
export function sampleSpan(
  overrides: {
    trace?: string;
    span?: string;
    parent?: string | null;
    name?: string;
    from?: number;
    to?: number;
    failed?: boolean;
    exception?: string;
    scope?: string;
    attributes?: Record<string, AttributeValue>;
    resource?: Record<string, AttributeValue>;
  } = {},
): Span {
  const { trace = 'a', span = '1', parent = null, from = 0, to = 1000 } = overrides;
  return {
    trace: trace.padStart(32, '0'),
    span: span.padStart(16, '0'),
    parent: parent === null ? null : parent.padStart(16, '0'),
    name: overrides.name ?? 'chat',
    began: began + from * 1000,
    ended: began + to * 1000,
    failed: overrides.failed ?? false,
    exception: overrides.exception ?? null,
    attributes: attributesOf(overrides.attributes ?? {}),
    resource: attributesOf(overrides.resource ?? {}),
    scope: overrides.scope ?? 'test',
  };
}

export function attributesOf(values: Record<string, AttributeValue>): Attributes {
  return new Map(Object.entries(values));
}

/** A call of 1,000 tokens in and 100 out, as the semantic conventions have it. */
export const chatAttributes = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
  'gen_ai.usage.input_tokens': 1000,
  'gen_ai.usage.output_tokens': 100,
};
