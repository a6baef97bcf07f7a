import type { ProtectTags, SpanFacts } from '@farthing/core';
import { accepted, refused, type Encoding } from './answers.js';
import { CheckedSpans } from './checked-spans.js';
import { JsonTraceDecoder } from './json-trace-decoder.js';
import { ProtobufTraceDecoder } from './protobuf-trace-decoder.js';
import { readBody, UnreadableBody } from './read-body.js';
import type { ReceivedSpan } from './received-span.js';

export interface ReceiverOptions {
  /**
   * Stores the spans of one request, all or none, part by part as they come; false when the disk does
   * not take them now. Rejects, and has stored nothing, when the parts end with an error.
   */
  store: (parts: AsyncIterable<SpanFacts[]>) => Promise<boolean>;
  /** Why nothing can be taken at the moment; null when all is well. */
  obstacle: () => string | null;
  protect: ProtectTags;
  now: () => number;
  onRejected: (spans: number) => void;
  /** Hears once of each signal that is accepted and not used. */
  onIgnored: (signal: string) => void;
}

const retryAfterSeconds = 5;

/** Answers the requests of OTLP/HTTP exporters: `/v1/traces`, and politely those of other signals. */
export class OtlpReceiver {
  readonly #options: ReceiverOptions;
  readonly #ignored = new Set<string>();

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** Resolves with 200 when the spans of the request are on stable storage. */
  async traces(request: Request): Promise<Response> {
    const encoding = encodingOf(request);
    if (encoding === null) return unsupported(request);
    const obstacle = this.#options.obstacle();
    if (obstacle !== null) return refused(encoding, 503, obstacle, retryAfterSeconds);
    const checked = new CheckedSpans(this.#options);
    let stored: boolean;
    try {
      stored = await this.#options.store(checked.of(decoded(request, encoding)));
    } catch (error) {
      if (error instanceof UnreadableBody) return refused(encoding, error.status, error.message);
      throw error;
    }
    if (!stored) {
      const message = 'The disk does not take the spans now; send them again.';
      return refused(encoding, 503, message, retryAfterSeconds);
    }
    const { partial } = checked;
    if (partial !== null) this.#options.onRejected(partial.rejected);
    return accepted(encoding, partial);
  }

  /** Metrics and logs are accepted, so that exporters stay quiet, and not used. */
  async ignore(request: Request, signal: 'metrics' | 'logs'): Promise<Response> {
    const encoding = encodingOf(request);
    if (encoding === null) return unsupported(request);
    await request.body?.cancel();
    if (!this.#ignored.has(signal)) {
      this.#ignored.add(signal);
      this.#options.onIgnored(signal);
    }
    return accepted(encoding, null);
  }
}

/**
 * The spans of a body, as its bytes come. What is no export of traces is read to its end all the same:
 * what is too large is said to be so, whatever it holds.
 */
async function* decoded(request: Request, encoding: Encoding): AsyncGenerator<ReceivedSpan[]> {
  const decoder = encoding === 'json' ? new JsonTraceDecoder() : new ProtobufTraceDecoder();
  let flaw: Error | null = null;
  for await (const bytes of readBody(request)) {
    if (flaw !== null) continue;
    let spans: ReceivedSpan[] = [];
    try {
      spans = decoder.push(bytes);
    } catch (error) {
      flaw = error as Error;
    }
    if (spans.length > 0) yield spans;
  }
  try {
    if (flaw === null) decoder.end();
  } catch (error) {
    flaw = error as Error;
  }
  if (flaw !== null) throw notTraces(encoding, flaw);
}

function notTraces(encoding: Encoding, flaw: Error): UnreadableBody {
  // JSON.parse quotes what it stumbles over, which may be a prompt.
  const why = encoding === 'json' ? '' : `: ${flaw.message}`;
  const form = encoding === 'json' ? 'OTLP JSON' : 'an OTLP protobuf message';
  return new UnreadableBody(
    400,
    `The body is not ${form}${why}. It was cut off, or is no export of traces.`,
  );
}

function encodingOf(request: Request): Encoding | null {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (type === 'application/x-protobuf' || type === 'application/protobuf') return 'protobuf';
  return type === 'application/json' ? 'json' : null;
}

function unsupported(request: Request): Response {
  const type = (request.headers.get('content-type') ?? '').slice(0, 80);
  return refused(
    'json',
    415,
    `content-type is "${type}": send application/x-protobuf or application/json (OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf or http/json).`,
  );
}
