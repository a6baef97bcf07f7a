import { errorTypeOf, readUsage, type UsageReading } from '@farthing/core';
import { countItems, parseRange, scanJsonObject } from './scan-json.js';
import type { Tap, Tapped, TappedCall } from './tap.js';

/** Answers larger than this are forwarded but not kept for reading; none with usage comes near it. */
const largestAnswer = 64 * 1024 * 1024;

/** Top-level members of answers in which usage, model and billed tools stand. Text is not among them. */
const wanted: ReadonlySet<string> = new Set([
  'usage',
  'model',
  'id',
  'object',
  'type',
  'status',
  'service_tier',
  'created',
  'output',
  'usageMetadata',
  'modelVersion',
  'responseId',
  'usage_info',
  'meta',
  'x_groq',
  'metrics',
  'error',
  'duration',
  'response_id',
  'response',
  'serviceTier',
  'prompt_token_count',
  'generation_token_count',
  'inputTextTokenCount',
  'results',
  'document_annotation',
]);

/** Vertex states the tokens of each embedding beside its numbers. */
const wantedOfEmbeddings: ReadonlySet<string> = new Set([
  ...wanted,
  'embedding',
  'embeddings',
  'predictions',
]);

/** Lists of generated images: counted, because each may be megabytes of text. Imagen has predictions. */
const imageLists: ReadonlySet<string> = new Set(['data', 'predictions']);
const wantedOfImages: ReadonlySet<string> = new Set([...wanted, ...imageLists]);

/** Keeps a whole answer until it is over, then reads usage from its few members that matter. */
export class JsonTap implements Tap {
  readonly #call: TappedCall;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(call: TappedCall) {
    this.#call = call;
  }

  push(chunk: Buffer): Buffer {
    this.#size += chunk.length;
    if (this.#size <= largestAnswer) this.#chunks.push(chunk);
    else this.#chunks = [];
    return chunk;
  }

  flush(): null {
    return null;
  }

  finish(): Tapped {
    if (this.#size > largestAnswer) {
      return tapped({
        status: 'no_usage',
        reason: `the answer is larger than ${largestAnswer} bytes`,
      });
    }
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 ? only! : Buffer.concat(this.#chunks);
    this.#chunks = [];
    return readAnswer(bytes, this.#call);
  }
}

/** Reads the usage and error type from the bytes of a whole JSON answer. */
function readAnswer(bytes: Buffer, call: TappedCall): Tapped {
  const payload = parseAnswer(bytes, call.api);
  if (payload === undefined) {
    return tapped({ status: 'no_usage', reason: 'the answer is not JSON' });
  }
  const errorType = errorTypeOf(payload);
  // Gemini streams without `alt=sse` are one JSON array of the same chunks.
  const answer = Array.isArray(payload) ? { events: payload } : payload;
  return { reading: readUsage({ ...call, payload: answer }), errorType, seenTokens: 0 };
}

/** Answers up to this size are parsed whole, which costs less than picking members out of them. */
const smallAnswer = 16 * 1024;

function parseAnswer(bytes: Buffer, api: string): unknown {
  if (api.startsWith('images')) return parseMembers(bytes, wantedOfImages);
  if (bytes.length <= smallAnswer) return parseRange(bytes, { start: 0, end: bytes.length });
  return parseMembers(bytes, api === 'embedContent' ? wantedOfEmbeddings : wanted);
}

function parseMembers(bytes: Buffer, members: ReadonlySet<string>): unknown {
  const scanned = scanJsonObject(bytes, members);
  if (scanned === null) return parseRange(bytes, { start: 0, end: bytes.length });
  const payload: Record<string, unknown> = {};
  for (const [key, range] of scanned.values) {
    if (members === wantedOfImages && imageLists.has(key)) {
      payload['data'] = Array.from({ length: countItems(bytes, range) }, () => ({}));
    } else payload[key] = parseRange(bytes, range);
  }
  return payload;
}

function tapped(reading: UsageReading): Tapped {
  return { reading, errorType: null, seenTokens: 0 };
}
