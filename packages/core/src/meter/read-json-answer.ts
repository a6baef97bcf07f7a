import type { CallContext } from '../usage/call-context.js';
import { isFields, type Fields } from '../usage/fields.js';
import { readUsage, type UsageRequest } from '../usage/read-usage.js';
import type { UsageReading } from '../usage/usage.js';
import { digestOf } from './digest-of.js';
import { errorTypeOf } from './error-type.js';
import { countItems, parseRange, scanJsonObject, type JsonSource } from './scan-json.js';

/** Whose answer is read, and what is known beside it. */
export interface AnsweredCall {
  /** The provider whose rules hold. */
  provider: string;
  api: string;
  context?: CallContext;
}

/** What was learned of an answer, when the answer is over. */
export interface ReadAnswer {
  reading: UsageReading;
  /** The provider's error type or code, when the answer is or ends with an error. */
  errorType: string | null;
  /** Tokens of output seen go by, roughly; only for answers that were cut off. */
  seenTokens: number;
}

/** Larger answers are forwarded and not kept for reading (bytes); none with usage comes near it. */
export const largestAnswer = 64 * 1024 * 1024;

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
  'interaction',
  'candidates',
  'pages',
  'tools',
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

/** Answers up to this length are parsed whole, which costs less than picking members out of them. */
const smallAnswer = 16 * 1024;

/** Reads the usage and error type from a whole JSON answer. */
export function readJsonAnswer(json: JsonSource, call: AnsweredCall): ReadAnswer {
  return readParsedAnswer(parseAnswer(json, call.api), call);
}

/** The same from an answer that was parsed already, or from what was kept of it; undefined where it is no JSON. */
export function readParsedAnswer(payload: unknown, call: AnsweredCall): ReadAnswer {
  if (payload === undefined) return unread('the answer is not JSON');
  const request: UsageRequest = { provider: call.provider, api: call.api, payload };
  if (call.context !== undefined) request.context = call.context;
  return { reading: readUsage(request), errorType: errorTypeOf(payload), seenTokens: 0 };
}

/**
 * What has to be kept of a parsed answer to read it later: the few members that matter, as they are now.
 * The rest may be long, and the answer is its caller's, who may do with it what he wants.
 */
export function keptOfAnswer(payload: unknown, api: string): unknown {
  if (!isFields(payload)) return payload;
  const members = membersOf(api);
  const kept: Record<string, unknown> = {};
  for (const name in payload)
    if (members.has(name)) kept[name] = copied(digestOf(name, payload[name]));
  if (members === wantedOfImages) countImages(payload, kept);
  return kept;
}

/** No usage has objects within objects deeper than this. */
const deepest = 6;

/** Usage is numbers in objects within objects; lists are long, and nobody adds up in them. */
function copied(value: unknown, depth = 0): unknown {
  if (!isFields(value) || depth === deepest) return value;
  // All at once, which takes a third of what member by member does; few of them are objects.
  const copy: Record<string, unknown> = { ...value };
  for (const name in copy) {
    const member = copy[name];
    if (typeof member === 'object' && member !== null && name !== '__proto__') {
      copy[name] = copied(member, depth + 1);
    }
  }
  return copy;
}

function countImages(payload: Fields, kept: Record<string, unknown>): void {
  for (const name of imageLists) {
    const list = payload[name];
    if (Array.isArray(list)) kept['data'] = list.map(() => ({}));
  }
}

function membersOf(api: string): ReadonlySet<string> {
  if (api.startsWith('images')) return wantedOfImages;
  return api === 'embedContent' ? wantedOfEmbeddings : wanted;
}

/** Of an answer that was too large to be kept. */
export function tooLargeAnswer(): ReadAnswer {
  return unread(`the answer is larger than ${largestAnswer} bytes`);
}

function unread(reason: string): ReadAnswer {
  return { reading: { status: 'no_usage', reason }, errorType: null, seenTokens: 0 };
}

function parseAnswer(json: JsonSource, api: string): unknown {
  const members = membersOf(api);
  const isSmall = json.length <= smallAnswer && members !== wantedOfImages;
  return isSmall ? parseRange(json, { start: 0, end: json.length }) : parseMembers(json, members);
}

function parseMembers(json: JsonSource, members: ReadonlySet<string>): unknown {
  const scanned = scanJsonObject(json, members);
  if (scanned === null) return parseRange(json, { start: 0, end: json.length });
  const payload: Record<string, unknown> = {};
  for (const [key, range] of scanned.values) {
    if (members === wantedOfImages && imageLists.has(key)) {
      payload['data'] = Array.from({ length: countItems(json, range) }, () => ({}));
    } else payload[key] = digestOf(key, parseRange(json, range));
  }
  return payload;
}
