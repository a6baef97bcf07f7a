/**
 * Bytes of requests that may be read for fingerprints in a second. At 1.7 to 2.6 µs a kilobyte
 * (docs/benchmarks.md) that is about one hundredth of a core.
 */
const bytesPerSecond = 4_000_000;
/** How far back the load is looked at, in milliseconds. */
const memory = 10_000;
/** Larger requests are not fingerprinted: that would hold up other calls for milliseconds. */
export const mostPrefixCharacters = 1_048_576;

/**
 * Decides which conversations are followed beyond their heads, so that fingerprints take no more than a
 * stated part of the machine. While the load is low, all of them. Else one in two, four, eight …, chosen
 * by the fingerprint of the head: of a conversation that is followed, every call is, so that the gaps
 * between its calls stay what they are. (Sampling calls at random would make every gap longer.)
 */
export class PrefixSampler {
  readonly #limit: number;
  #load = 0;
  #at = 0;

  /** @param limit bytes that may be read in a second. */
  constructor(limit = bytesPerSecond) {
    this.#limit = limit;
  }

  /** Notes a request of so many bytes at a time (milliseconds): of how many conversations one is followed. */
  oneIn(bytes: number, at: number): number {
    const passed = Math.max(0, at - this.#at);
    this.#load = this.#load * Math.exp(-passed / memory) + bytes;
    this.#at = Math.max(at, this.#at);
    const perSecond = this.#load / (memory / 1_000);
    return perSecond <= this.#limit ? 1 : 2 ** Math.ceil(Math.log2(perSecond / this.#limit));
  }
}

/** Whether the conversation with this fingerprint is the one in so many that is followed. */
export function isFollowed(fingerprint: string, oneIn: number): boolean {
  return bitsOf(fingerprint) % oneIn === 0;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The first 30 bits of a fingerprint, which are as good as random. */
export function bitsOf(fingerprint: string): number {
  let bits = 0;
  for (let index = 0; index < 5; index++) {
    bits = bits * 64 + Math.max(0, digits.indexOf(fingerprint[index] ?? 'A'));
  }
  return bits;
}
