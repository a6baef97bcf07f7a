import { readSpan, type ProtectTags, type SpanFacts } from '@farthing/core';
import { accepted, refused, type Encoding, type PartialSuccess } from './answers.js';
import { decodeJsonTraces } from './decode-json.js';
import { decodeProtobufTraces } from './decode-protobuf.js';
import { readBody, UnreadableBody } from './read-body.js';
import { checkSpan, type ReceivedSpan } from './received-span.js';

export interface ReceiverOptions {
  /** Stores the spans; false when the disk does not take them now. */
  store: (spans: SpanFacts[]) => Promise<boolean>;
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
    let received: ReceivedSpan[];
    try {
      received = decode(await readBody(request), encoding);
    } catch (error) {
      if (error instanceof UnreadableBody) return refused(encoding, error.status, error.message);
      throw error;
    }
    const { spans, partial } = this.#check(received);
    if (spans.length > 0 && !(await this.#options.store(spans))) {
      const message = 'The disk does not take the spans now; send them again.';
      return refused(encoding, 503, message, retryAfterSeconds);
    }
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

  #check(received: readonly ReceivedSpan[]): {
    spans: SpanFacts[];
    partial: PartialSuccess | null;
  } {
    const now = this.#options.now();
    const spans: SpanFacts[] = [];
    const reasons = new Map<string, number>();
    for (const one of received) {
      const span = checkSpan(one, now);
      if (typeof span === 'string') reasons.set(span, (reasons.get(span) ?? 0) + 1);
      else spans.push(readSpan(span, this.#options.protect));
    }
    if (reasons.size === 0) return { spans, partial: null };
    const rejected = received.length - spans.length;
    const told = [...reasons].map(([reason, count]) => `${count}: ${reason}`).join('; ');
    return {
      spans,
      partial: {
        rejected,
        message: `Not taken: ${rejected} of ${received.length} spans. ${told}.`,
      },
    };
  }
}

function decode(body: Buffer, encoding: Encoding): ReceivedSpan[] {
  try {
    return encoding === 'json'
      ? decodeJsonTraces(body.toString('utf8'))
      : decodeProtobufTraces(body);
  } catch (error) {
    // JSON.parse quotes what it stumbles over, which may be a prompt.
    const why = encoding === 'json' ? '' : `: ${(error as Error).message}`;
    const form = encoding === 'json' ? 'OTLP JSON' : 'an OTLP protobuf message';
    throw new UnreadableBody(
      400,
      `The body is not ${form}${why}. It was cut off, or is no export of traces.`,
    );
  }
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
