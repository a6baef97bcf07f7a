import { isFollowed, mostPrefixCharacters, PrefixSampler } from './prefix-sampler.js';
import { leastPromptTokens, type PromptPrefixes } from './prompt-prefixes.js';
import { findPrompt, readPrefixes, type FoundPrompt, type PrefixHash } from './read-prefixes.js';
import { RepeatedText } from './repeated-text.js';

/** A prompt whose beginnings are to be told apart. */
export interface PromptToRead {
  /** The request's JSON text. */
  text: string;
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
  read({ text, hash, inputTokens, group, at }: PromptToRead): PromptPrefixes | undefined {
    if (inputTokens < leastPromptTokens || text.length > mostPrefixCharacters) return undefined;
    const oneIn = this.#sampler.oneIn(text.length, at);
    const prompt = findPrompt(text, inputTokens);
    if (prompt === null) return undefined;
    let head = '';
    const prefixes = readPrefixes(text, prompt, inputTokens, hash, (fingerprint) => {
      head = fingerprint;
      return isFollowed(fingerprint, oneIn) ? oneIn : 0;
    });
    const repeated = this.#repeated.compare(group, head, headOf(text, prompt));
    if (repeated !== null) {
      prefixes.repeated = Math.round((repeated / prompt.length) * inputTokens);
    }
    return prefixes;
  }
}

function headOf(text: string, { head, items, headItems }: FoundPrompt): () => string {
  return () => {
    const parts = head.map(({ start, end }) => text.slice(start, end));
    const last = items[headItems - 1]!;
    return [...parts, text.slice(items[0]!.start, last.end)].join('\n');
  };
}
