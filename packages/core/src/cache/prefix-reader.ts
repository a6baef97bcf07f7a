import { isFollowed, mostPrefixCharacters, PrefixSampler } from './prefix-sampler.js';
import { leastPromptTokens, type PromptPrefixes } from './prompt-prefixes.js';
import {
  findPrompt,
  readPrefixes,
  type FoundPrompt,
  type PrefixHash,
  type PromptJson,
} from './read-prefixes.js';
import { mostComparedCharacters, RepeatedText } from './repeated-text.js';

/** A prompt whose beginnings are to be told apart. */
export interface PromptToRead {
  json: PromptJson;
  /** Hashes parts of it, keyed with a secret of the data directory. */
  hash: PrefixHash;
  /** What the provider counted, cached or not. */
  inputTokens: number;
  /** What has prompts alike: feature, template version and model. */
  group: string;
  /** When the call began, in milliseconds. */
  at: number;
}

/**
 * Reads the prefixes of prompts, call after call: after a call has ended, when nobody waits for it. It
 * keeps what it needs to follow the load and to find repeated text, and no text.
 */
export class PrefixReader {
  readonly #sampler = new PrefixSampler();
  readonly #repeated = new RepeatedText();

  /** Undefined where the prompt is too short for any cache, too long to be read, or no text. */
  read({ json, hash, inputTokens, group, at }: PromptToRead): PromptPrefixes | undefined {
    if (inputTokens < leastPromptTokens || json.length > mostPrefixCharacters) return undefined;
    const oneIn = this.#sampler.oneIn(json.length, at);
    const prompt = findPrompt(json, inputTokens);
    if (prompt === null) return undefined;
    let head = '';
    const prefixes = readPrefixes(json, prompt, inputTokens, hash, (fingerprint) => {
      head = fingerprint;
      return isFollowed(fingerprint, oneIn) ? oneIn : 0;
    });
    const repeated = this.#repeated.compare(group, head, headOf(json, prompt));
    if (repeated !== null) {
      prefixes.repeated = Math.round((repeated / prompt.length) * inputTokens);
    }
    return prefixes;
  }
}

/** As far as it is compared. */
function headOf(json: PromptJson, { head, items, headItems }: FoundPrompt): () => string {
  return () => {
    let left = mostComparedCharacters;
    const taken = [...head, ...items.slice(0, headItems)].map(({ start, end }) => {
      const length = Math.min(left, end - start);
      left -= length;
      return json.textOf(start, start + length);
    });
    return taken.join('\n');
  };
}
