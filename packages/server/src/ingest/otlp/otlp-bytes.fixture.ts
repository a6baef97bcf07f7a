import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** A span as a test sends it, in the terms of OTLP's JSON. */
export interface SentSpan {
  traceId?: string;
  spanId?: string;
  parentSpanId?: string;
  name?: string;
  /** Nanoseconds. */
  start?: bigint;
  end?: bigint;
  attributes?: Record<string, string | number | boolean | string[]>;
  error?: boolean;
  exceptionType?: string;
}

export const noon = BigInt(Date.UTC(2026, 10, 1, 12)) * 1_000_000n;

export const chat = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o-mini',
  'gen_ai.usage.input_tokens': 1000,
  'gen_ai.usage.output_tokens': 100,
};

function complete(span: SentSpan): Required<Omit<SentSpan, 'exceptionType'>> & SentSpan {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: '',
    name: 'chat gpt-4o-mini',
    start: noon,
    end: noon + 1_500_000_000n,
    attributes: chat,
    error: false,
    ...span,
  };
}

/** An export request in JSON. */
export function jsonExport(spans: SentSpan[], scope = 'lib'): string {
  const value = (item: unknown): unknown => {
    if (typeof item === 'string') return { stringValue: item };
    if (typeof item === 'boolean') return { boolValue: item };
    if (Array.isArray(item)) return { arrayValue: { values: item.map(value) } };
    return Number.isInteger(item) ? { intValue: String(item) } : { doubleValue: item };
  };
  const attributes = (values: object) =>
    Object.entries(values).map(([key, item]) => ({ key, value: value(item) }));
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': 'shop' }) },
        scopeSpans: [
          {
            scope: { name: scope },
            spans: spans.map(complete).map((span) => ({
              traceId: span.traceId,
              spanId: span.spanId,
              parentSpanId: span.parentSpanId,
              name: span.name,
              kind: 3,
              startTimeUnixNano: String(span.start),
              endTimeUnixNano: String(span.end),
              attributes: attributes(span.attributes),
              events:
                span.exceptionType === undefined
                  ? []
                  : [
                      {
                        name: 'exception',
                        attributes: attributes({
                          'exception.type': span.exceptionType,
                          'exception.message': 'a text',
                        }),
                      },
                    ],
              status: span.error ? { code: 2 } : {},
            })),
          },
        ],
      },
    ],
  });
}

/**
 * The same request in protobuf, written field by field as the specification numbers them; or with resource
 * and scope behind the spans that they hold for, which the encoding allows.
 */
export function protobufExport(
  spans: SentSpan[],
  scope = 'lib',
  order: 'heads first' | 'heads last' = 'heads first',
): Uint8Array {
  const inOrder = (parent: BinaryWriter, ...members: ((writer: BinaryWriter) => void)[]) => {
    for (const write of order === 'heads first' ? members : members.toReversed()) write(parent);
  };
  const resource = (writer: BinaryWriter) =>
    nested(writer, 1, (inner) => keyValue(inner, 1, 'service.name', 'shop'));
  const scopeOf = (writer: BinaryWriter) =>
    nested(writer, 1, (inner) => inner.tag(1, WireType.LengthDelimited).string(scope));
  const allSpans = (writer: BinaryWriter) => {
    for (const span of spans.map(complete)) nested(writer, 2, (inner) => writeSpan(inner, span));
  };
  const scopeSpans = (writer: BinaryWriter) =>
    nested(writer, 2, (inner) => inOrder(inner, scopeOf, allSpans));
  return message((request) =>
    nested(request, 1, (resourceSpans) => inOrder(resourceSpans, resource, scopeSpans)),
  );
}

function writeSpan(writer: BinaryWriter, span: ReturnType<typeof complete>): void {
  writer.tag(1, WireType.LengthDelimited).bytes(Buffer.from(span.traceId, 'hex'));
  writer.tag(2, WireType.LengthDelimited).bytes(Buffer.from(span.spanId, 'hex'));
  if (span.parentSpanId !== '') {
    writer.tag(4, WireType.LengthDelimited).bytes(Buffer.from(span.parentSpanId, 'hex'));
  }
  writer.tag(5, WireType.LengthDelimited).string(span.name);
  writer.tag(6, WireType.Varint).int32(3);
  writer.tag(7, WireType.Bit64).fixed64(span.start);
  writer.tag(8, WireType.Bit64).fixed64(span.end);
  for (const [key, value] of Object.entries(span.attributes)) keyValue(writer, 9, key, value);
  if (span.exceptionType !== undefined) {
    nested(writer, 11, (event) => {
      event.tag(1, WireType.Bit64).fixed64(span.end);
      event.tag(2, WireType.LengthDelimited).string('exception');
      keyValue(event, 3, 'exception.type', span.exceptionType!);
      keyValue(event, 3, 'exception.message', 'a text');
    });
  }
  if (span.error) nested(writer, 15, (status) => status.tag(3, WireType.Varint).int32(2));
}

function keyValue(
  writer: BinaryWriter,
  field: number,
  key: string,
  value: string | number | boolean | string[],
): void {
  nested(writer, field, (pair) => {
    pair.tag(1, WireType.LengthDelimited).string(key);
    nested(pair, 2, (any) => anyValue(any, value));
  });
}

function anyValue(writer: BinaryWriter, value: string | number | boolean | string[]): void {
  if (typeof value === 'string') writer.tag(1, WireType.LengthDelimited).string(value);
  else if (typeof value === 'boolean') writer.tag(2, WireType.Varint).bool(value);
  else if (Array.isArray(value)) {
    nested(writer, 5, (list) => {
      for (const item of value) nested(list, 1, (any) => anyValue(any, item));
    });
  } else if (Number.isInteger(value)) writer.tag(3, WireType.Varint).int64(value);
  else writer.tag(4, WireType.Bit64).double(value);
}

function nested(writer: BinaryWriter, field: number, write: (inner: BinaryWriter) => void): void {
  writer.tag(field, WireType.LengthDelimited).bytes(message(write));
}

function message(write: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}
