/** 8 MB: at 5 million ids about one in 200 is suspected wrongly, and checked in the second reading. */
const words = 2 ** 21;
const hashes = 4;
/** So many ids are remembered as they are, before the filter is worth its memory. */
const mostExact = 20_000;

/**
 * Remembers which answers were seen, in bounded memory: exactly at first, then in a Bloom filter. A
 * repeated one is always noticed, a new one now and then suspected wrongly; whoever uses it looks at
 * suspects a second time.
 */
export class ResponseIdFilter {
  readonly #exact = new Set<string>();
  #bits: Uint32Array | null = null;

  /** Remembers the id; true when it may have been seen before. */
  seen(id: string): boolean {
    if (this.#bits !== null) return remember(this.#bits, id);
    if (this.#exact.has(id)) return true;
    this.#exact.add(id);
    if (this.#exact.size >= mostExact) {
      this.#bits = new Uint32Array(words);
      for (const known of this.#exact) remember(this.#bits, known);
      this.#exact.clear();
    }
    return false;
  }
}

function remember(bits: Uint32Array, id: string): boolean {
  let first = 0x811c9dc5;
  let second = 0x9747b28c;
  for (let index = 0; index < id.length; index++) {
    const code = id.charCodeAt(index);
    first = Math.imul(first ^ code, 0x01000193);
    second = (Math.imul(second ^ code, 0x85ebca6b) + index) | 0;
  }
  first ^= first >>> 15;
  second = (second ^ (second >>> 13)) | 1;
  let known = true;
  for (let round = 0; round < hashes; round++) {
    const bit = (first + Math.imul(round, second)) >>> 0;
    const word = (bit >>> 5) % words;
    const mask = 1 << (bit & 31);
    if ((bits[word]! & mask) === 0) {
      known = false;
      bits[word]! |= mask;
    }
  }
  return known;
}
