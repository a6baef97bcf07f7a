import type { IncomingHttpHeaders } from 'node:http';
import { isObject, type JsonObject } from './json.js';

/** What a client may ask to go wrong. A status number (400 to 599) answers with that error. */
export type Fault =
  | { kind: 'status'; status: number }
  | {
      kind: 'slow' | 'cut' | 'drop' | 'invalid-json' | 'malformed-usage' | 'no-usage';
    };

/**
 * How a client steers one answer: headers `x-fake-<name>`, or the same names under the body's
 * `metadata` (or Gemini's `labels`) as `fake-<name>`, for clients that cannot set headers.
 */
export interface Directives {
  /** `seed`: everything in the answer, ids and times too, follows from it and not from the past. */
  seed: string | undefined;
  /** `fault`, and `fault-attempts: n`: only while `x-stainless-retry-count` is below n. */
  fault: Fault | undefined;
  /** `cut-after`: frames that are sent before a cut. */
  cutAfter: number | undefined;
  /** `output-tokens`, `input-tokens`, `cached-tokens`, `reasoning-tokens`: counts that are then reported and billed. */
  outputTokens: number | undefined;
  inputTokens: number | undefined;
  cachedTokens: number | undefined;
  reasoningTokens: number | undefined;
  /** `delay-ms`: before the first byte. `chunk-delay-ms`: between the frames of a stream. */
  delayMs: number | undefined;
  chunkDelayMs: number | undefined;
  /** `tool-call: yes|no`: whether a given tool is called. */
  toolCall: boolean | undefined;
  /** `encoding: gzip|br`: the body is compressed, each frame of a stream flushed on its own. */
  encoding: 'gzip' | 'br' | undefined;
}

export function readDirectives(headers: IncomingHttpHeaders, body: JsonObject): Directives {
  const metadata = isObject(body['metadata']) ? body['metadata'] : {};
  const labels = isObject(body['labels']) ? body['labels'] : {};
  const text = (name: string): string | undefined => {
    const value = headers[`x-fake-${name}`] ?? metadata[`fake-${name}`] ?? labels[`fake-${name}`];
    return value === undefined || value === null ? undefined : String(value);
  };
  const count = (name: string): number | undefined => {
    const value = Number(text(name) ?? Number.NaN);
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  };
  const attempt = Number(headers['x-stainless-retry-count'] ?? 0);
  const faulty = attempt < (count('fault-attempts') ?? Number.POSITIVE_INFINITY);
  const toolCall = text('tool-call');
  const encoding = text('encoding');
  return {
    seed: text('seed'),
    fault: faulty ? parseFault(text('fault')) : undefined,
    cutAfter: count('cut-after'),
    outputTokens: count('output-tokens'),
    inputTokens: count('input-tokens'),
    cachedTokens: count('cached-tokens'),
    reasoningTokens: count('reasoning-tokens'),
    delayMs: count('delay-ms'),
    chunkDelayMs: count('chunk-delay-ms'),
    toolCall: toolCall === undefined ? undefined : toolCall === 'yes',
    encoding: encoding === 'gzip' || encoding === 'br' ? encoding : undefined,
  };
}

export function parseFault(text: string | undefined): Fault | undefined {
  switch (text) {
    case undefined:
      return undefined;
    case 'slow':
    case 'cut':
    case 'drop':
    case 'invalid-json':
    case 'malformed-usage':
    case 'no-usage':
      return { kind: text };
    default:
      return /^[45]\d\d$/.test(text) ? { kind: 'status', status: Number(text) } : undefined;
  }
}
