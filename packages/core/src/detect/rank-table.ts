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

  /**
   * @param valueOf of the shares of the reference that lie below what counts as equal, and up to the bin's upper end.
   * @param reach bins below it that a size counts as equal to.
   */
  constructor(
    reference: LogHistogram,
    valueOf: (below: number, upTo: number) => number,
    reach = 0,
  ) {
    const { total } = reference;
    const weights = new Map(reference.sorted());
    const bins = [...weights.keys()];
    this.#first = bins[0] ?? 0;
    this.#values = [];
    let below = 0;
    let upTo = 0;
    for (let bin = this.#first; bin <= (bins.at(-1) ?? -1) + reach; bin++) {
      upTo += weights.get(bin) ?? 0;
      this.#values.push(valueOf(below / total, upTo / total));
      below += weights.get(bin - reach) ?? 0;
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
 * Log likelihood ratios for sizes that have few values, whose ranks are ties (those within `tolerance` bins
 * count as equal): 60 % of the calls become the
 * largest of `largestOf` calls of the reference (E. L. Lehmann, "The power of rank tests", 1953), against
 * none of them.
 */
export function likelihoodRatios(
  reference: LogHistogram,
  largestOf: number,
  tolerance = 0,
): RankTable {
  const novelty = noveltyOf(reference);
  const ratio = (below: number, upTo: number): number => {
    const from = below * (1 - novelty);
    const to = below === 1 ? 1 : upTo * (1 - novelty);
    const density =
      to > from
        ? (to ** largestOf - from ** largestOf) / (to - from)
        : largestOf * from ** (largestOf - 1);
    return Math.log(1 - moving + moving * density);
  };
  return new RankTable(reference, ratio, tolerance);
}
