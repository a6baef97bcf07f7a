import { hash32 } from './random.js';

/** Longest memory of a prefix that nobody asks for any more: an hour, as the longest of the vendors' caches. */
const capacity = 50_000;

/**
 * Remembers prompt prefixes, as the providers' prompt caches do. Keys are hashes, so no prompt text
 * is kept. A prefix expires `ttl` milliseconds after its last use; the least recently used go first
 * when there are too many.
 */
export class PrefixCache {
  #expiry = new Map<string, { at: number; ttl: number }>();

  /** Whether the prefix is known at `now`; a hit renews it. */
  hit(key: string, now: number): boolean {
    const entry = this.#expiry.get(key);
    if (entry === undefined) return false;
    this.#expiry.delete(key);
    if (entry.at < now) return false;
    this.#expiry.set(key, { at: now + entry.ttl, ttl: entry.ttl });
    return true;
  }

  store(key: string, now: number, ttl: number): void {
    this.#expiry.delete(key);
    this.#expiry.set(key, { at: now + ttl, ttl });
    if (this.#expiry.size > capacity) {
      const oldest = this.#expiry.keys().next();
      if (!oldest.done) this.#expiry.delete(oldest.value);
    }
  }
}

/** A key for the prefixes of a growing text: each `extend` gives the key of the prefix so far. */
export class PrefixHash {
  #first: number;
  #second: number;

  constructor(scope: string) {
    this.#first = hash32(scope, 1);
    this.#second = hash32(scope, 2);
  }

  extend(text: string): string {
    this.#first = hash32(text, this.#first);
    this.#second = hash32(text, this.#second);
    return `${this.#first.toString(36)}.${this.#second.toString(36)}`;
  }
}

const blockCharacters = 512;
const implicitTtl = 10 * 60_000;
const smallestCachedPrompt = 1024;
const cacheStep = 128;

export interface ImplicitCacheUse {
  read: number;
  /** Tokens of this prompt that later prompts can read. */
  written: number;
}

/**
 * Implicit caching as OpenAI and Gemini do it: prompts of 1,024 tokens and more are remembered in
 * blocks, and a later prompt with the same beginning reads them, counted in steps of 128 tokens.
 */
export function useImplicitCache(
  cache: PrefixCache,
  scope: string,
  prompt: string,
  promptTokens: number,
  now: number,
): ImplicitCacheUse {
  if (promptTokens < smallestCachedPrompt || prompt.length === 0) return { read: 0, written: 0 };
  const hash = new PrefixHash(scope);
  const tokensPerCharacter = promptTokens / prompt.length;
  const stepped = (characters: number): number =>
    Math.floor((characters * tokensPerCharacter) / cacheStep) * cacheStep;
  let known = 0;
  let end = blockCharacters;
  for (; end <= prompt.length; end += blockCharacters) {
    const key = hash.extend(prompt.slice(end - blockCharacters, end));
    if (known === end - blockCharacters && cache.hit(key, now)) known = end;
    else cache.store(key, now, implicitTtl);
  }
  const read = stepped(known) >= smallestCachedPrompt ? stepped(known) : 0;
  return { read, written: Math.max(0, stepped(end - blockCharacters) - read) };
}
