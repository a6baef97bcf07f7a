/** 8 MB: at 5 million ids about one in 200 is suspected wrongly, and checked in the second reading. */
const words = 2 ** 21;
const hashes = 4;

/**
 * Remembers which response ids were seen, in fixed memory (a Bloom filter): a repeated id is always
 * noticed, a new one now and then suspected wrongly. Whoever uses it looks at suspects a second time.
 */
export class ResponseIdFilter {
  readonly #bits = new Uint32Array(words);

  /** Remembers the id; true when it may have been seen before. */
  seen(id: string): boolean {
    let first = 0x811c9dc5;
    let second = 0x9747b28c;
    for (let index = 0; index < id.length; index++) {
      const code = id.charCodeAt(index);
      first = Math.imul(first ^ code, 0x01000193);
      second = Math.imul(second ^ code, 0x85ebca6b) + index;
    }
    first ^= first >>> 15;
    second = (second ^ (second >>> 13)) | 1;
    let known = true;
    for (let round = 0; round < hashes; round++) {
      const bit = (first + Math.imul(round, second)) >>> 0;
      const word = (bit >>> 5) % words;
      const mask = 1 << (bit & 31);
      if ((this.#bits[word]! & mask) === 0) {
        known = false;
        this.#bits[word]! |= mask;
      }
    }
    return known;
  }
}
