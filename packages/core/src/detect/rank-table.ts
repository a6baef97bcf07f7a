import type { LogHistogram } from './log-histogram.js';
import { inverseNormal } from './normal.js';

/**
 * What a size counts for by where it stands among those of a frozen reference, so that no assumption about
 * the sizes' distribution is made; one number for each bin.
 */
export class RankTable {
  readonly #first: number;
  readonly #values: number[];
  readonly #below: number;
  readonly #above: number;

  /** @param valueOf of the shares of the reference that lie below a bin, and up to its upper end. */
  constructor(reference: LogHistogram, valueOf: (below: number, upTo: number) => number) {
    const bins = reference.sorted();
    const { total } = reference;
    this.#first = bins[0]?.[0] ?? 0;
    this.#values = [];
    let below = 0;
    let next = this.#first;
    for (const [bin, weight] of bins) {
      if (next < bin) {
        const gap = valueOf(below / total, below / total);
        for (; next < bin; next++) this.#values.push(gap);
      }
      const upTo = Math.min(total, below + weight);
      this.#values.push(valueOf(below / total, upTo / total));
      below = upTo;
      next = bin + 1;
    }
    this.#below = valueOf(0, 0);
    this.#above = valueOf(1, 1);
  }

  /** Of a size in a bin. */
  at(bin: number): number {
    if (bin < this.#first) return this.#below;
    return this.#values[bin - this.#first] ?? this.#above;
  }
}

/**
 * Normal scores: the standard normal value of a size's rank. Clipped, so that one call, however large,
 * counts for no more than any other large one.
 */
export function normalScores(reference: LogHistogram, clip: number): RankTable {
  const { total } = reference;
  return new RankTable(reference, (below, upTo) => {
    const rank = ((below + upTo) / 2) * total;
    return Math.max(-clip, Math.min(clip, inverseNormal((rank + 0.5) / (total + 1))));
  });
}

/** Of so many calls, at least, one is larger than all of the reference: it has not seen everything. */
const leastNovelty = 1e-3;
/** Of the calls, so many move when something changes; the others go on as before. */
const moving = 0.6;

/** The share of calls that are taken to lie above all of a reference, though none of it does. */
export const noveltyOf = (reference: LogHistogram): number =>
  Math.max(leastNovelty, 1 / (reference.total + 1));

/**
 * Log likelihood ratios for sizes that have few values, whose ranks are ties: 60 % of the calls become the
 * largest of `largestOf` calls of the reference (E. L. Lehmann, "The power of rank tests", 1953), against
 * none of them.
 */
export function likelihoodRatios(reference: LogHistogram, largestOf: number): RankTable {
  const novelty = noveltyOf(reference);
  return new RankTable(reference, (below, upTo) => {
    const from = below * (1 - novelty);
    const to = below === 1 ? 1 : upTo * (1 - novelty);
    const density =
      to > from
        ? (to ** largestOf - from ** largestOf) / (to - from)
        : largestOf * from ** (largestOf - 1);
    return Math.log(1 - moving + moving * density);
  });
}
