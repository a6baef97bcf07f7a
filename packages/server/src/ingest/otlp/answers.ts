import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** The two encodings of OTLP over HTTP; an answer comes in that of its request. */
export type Encoding = 'protobuf' | 'json';

/** Codes of google.rpc.Status that OTLP answers use. */
const rpcCodes = { 400: 3, 413: 3, 415: 3, 503: 14 } as const;

export interface PartialSuccess {
  rejected: number;
  /** Why, for people; also a warning where nothing was rejected. */
  message: string;
}

/**
 * A success: an `ExportTraceServiceResponse`, whose `partial_success` is set where spans were rejected.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
 */
export function accepted(encoding: Encoding, partial: PartialSuccess | null): Response {
  if (encoding === 'json') {
    const body =
      partial === null
        ? {}
        : {
            partialSuccess: {
              rejectedSpans: String(partial.rejected),
              errorMessage: partial.message,
            },
          };
    return new Response(JSON.stringify(body), { status: 200, headers: contentType(encoding) });
  }
  const writer = new BinaryWriter();
  if (partial !== null) {
    const inner = new BinaryWriter();
    if (partial.rejected > 0) inner.tag(1, WireType.Varint).int64(partial.rejected);
    inner.tag(2, WireType.LengthDelimited).string(partial.message);
    writer.tag(1, WireType.LengthDelimited).bytes(inner.finish());
  }
  return new Response(Buffer.from(writer.finish()), {
    status: 200,
    headers: contentType(encoding),
  });
}

/** A failure: a `google.rpc.Status`. Of these, exporters try 503 again and nothing else. */
export function refused(
  encoding: Encoding,
  status: keyof typeof rpcCodes,
  message: string,
  retryAfterSeconds?: number,
): Response {
  const headers: Record<string, string> = contentType(encoding);
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  if (encoding === 'json') {
    return new Response(JSON.stringify({ code: rpcCodes[status], message }), { status, headers });
  }
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int32(rpcCodes[status]);
  writer.tag(2, WireType.LengthDelimited).string(message);
  return new Response(Buffer.from(writer.finish()), { status, headers });
}

function contentType(encoding: Encoding): Record<string, string> {
  return {
    'content-type': encoding === 'json' ? 'application/json' : 'application/x-protobuf',
  };
}
