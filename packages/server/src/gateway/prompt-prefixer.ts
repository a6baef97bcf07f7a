import { createHash, createHmac, type Hash } from 'node:crypto';
import {
  cacheMarker,
  leastPromptTokens,
  PrefixReader,
  promptApis,
  totalInput,
  type Entry,
  type PrefixHash,
  type PromptJson,
  type PromptPrefixes,
} from '@farthing/core';
import { JsonBytes } from './scan-json.js';

/**
 * Tells which beginnings the prompts of calls share, by keyed fingerprints, after each call has ended. No
 * text is kept. The key is made from the data directory's secret, so that equal prompts have equal
 * fingerprints in every process, and nobody without the secret can test a guess.
 */
export class PromptPrefixer {
  readonly #reader = new PrefixReader();
  readonly #key: Buffer;

  constructor(secret: Buffer) {
    this.#key = createHmac('sha256', secret).update('prompt-prefixes').digest();
  }

  /** Undefined where nothing was counted, the request is no chat, or too short for any cache. */
  prefixes(entry: Entry, body: Buffer): PromptPrefixes | undefined {
    const { usage, api, tags, model, provider } = entry;
    if (!promptApis.has(api) || usage === null || usage.estimated) return undefined;
    const inputTokens = totalInput(usage.tokens);
    if (inputTokens < leastPromptTokens) return undefined;
    return this.#reader.read({
      json: new PromptBytes(body),
      hash: new KeyedHash(this.#key, body),
      inputTokens,
      group: `${provider}\u001f${model}\u001f${tags.feature}\u001f${tags.template_version}`,
      at: Date.parse(entry.started_at),
    });
  }
}

const marker = Buffer.from(cacheMarker);

/** A request as the bytes that came: hashed where they stand. */
class PromptBytes extends JsonBytes implements PromptJson {
  readonly #body: Buffer;

  constructor(body: Buffer) {
    super(body);
    this.#body = body;
  }

  markerFrom(at: number): number {
    return this.#body.indexOf(marker, at);
  }
}

/** SHA-256 over key and text; 48 bits of it, so that what stands before them cannot be continued. */
class KeyedHash implements PrefixHash {
  readonly #hash: Hash;
  readonly #body: Buffer;

  constructor(key: Buffer, body: Buffer) {
    this.#hash = createHash('sha256').update(key);
    this.#body = body;
  }

  update(start: number, end: number): void {
    this.#hash.update(this.#body.subarray(start, end));
  }

  mark(): string {
    return this.#hash.copy().digest('base64url').slice(0, 8);
  }
}
