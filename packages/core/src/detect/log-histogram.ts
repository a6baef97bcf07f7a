import { inverseNormal } from './normal.js';

/**
 * Width of a bin on the natural logarithm's scale: 4 %. Narrow beside the spread of what calls take (40 %
 * and more), wide enough that a reference of weeks takes some hundred numbers.
 */
export const binWidth = 0.04;

/** The bin of a value on the logarithm's scale. */
export const binOf = (logarithm: number): number => Math.floor(logarithm / binWidth);
const middleOf = (bin: number): number => (bin + 0.5) * binWidth;

/**
 * How often which size was seen, in bins of the logarithm; sparse, mergeable, and weights may fade. What
 * detectors remember of a group's calls is made of these: bounded however many calls there are.
 */
export class LogHistogram {
  readonly #weights = new Map<number, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(bin: number, weight = 1): void {
    this.#weights.set(bin, (this.#weights.get(bin) ?? 0) + weight);
    this.#total += weight;
  }

  merge(other: LogHistogram): void {
    for (const [bin, weight] of other.#weights) this.add(bin, weight);
  }

  /** Old observations count for less; bins that hardly count are forgotten. */
  fade(factor: number): void {
    this.#total = 0;
    for (const [bin, weight] of this.#weights) {
      const left = weight * factor;
      if (left < 0.01) this.#weights.delete(bin);
      else {
        this.#weights.set(bin, left);
        this.#total += left;
      }
    }
  }

  clear(): void {
    this.#weights.clear();
    this.#total = 0;
  }

  /** Bins and weights, the smallest sizes first. */
  sorted(): [bin: number, weight: number][] {
    return [...this.#weights].sort(([a], [b]) => a - b);
  }

  /** The size (a logarithm) below which a share `p` of the observations lies; 0 of none. */
  quantile(p: number): number {
    let below = 0;
    const bins = this.sorted();
    for (const [bin, weight] of bins) {
      below += weight;
      if (below >= p * this.#total) return middleOf(bin);
    }
    return bins.length === 0 ? 0 : middleOf(bins.at(-1)![0]);
  }

  /** Mean and number of what lies above a size (a logarithm), as the excess over it. */
  excess(over: number): { mean: number; weight: number } {
    let sum = 0;
    let weight = 0;
    for (const [bin, count] of this.#weights) {
      const size = middleOf(bin);
      if (size <= over) continue;
      sum += (size - over) * count;
      weight += count;
    }
    return { mean: weight === 0 ? 0 : sum / weight, weight };
  }

  /** Exact, in the order in which bins were first seen: what goes on from it goes on the same. */
  toJSON(): HistogramState {
    return { total: this.#total, bins: [...this.#weights] };
  }

  static fromJSON(state: HistogramState): LogHistogram {
    const histogram = new LogHistogram();
    for (const [bin, weight] of state.bins) histogram.#weights.set(bin, weight);
    histogram.#total = state.total;
    return histogram;
  }
}

export interface HistogramState {
  total: number;
  bins: [bin: number, weight: number][];
}

/**
 * Normal scores against a frozen reference: where a size stands among those of the reference, as the
 * standard normal value of that rank, so that no assumption about the sizes' distribution is made. Clipped,
 * so that one call, however large, counts for no more than any other large one.
 */
export class ScoreTable {
  readonly #first: number;
  readonly #scores: Float32Array;
  readonly #below: number;
  readonly #above: number;

  constructor(reference: LogHistogram, clip: number) {
    const bins = reference.sorted();
    const { total } = reference;
    const score = (rank: number): number =>
      Math.max(-clip, Math.min(clip, inverseNormal((rank + 0.5) / (total + 1))));
    this.#first = bins[0]?.[0] ?? 0;
    this.#scores = new Float32Array((bins.at(-1)?.[0] ?? -1) - this.#first + 1);
    let below = 0;
    let next = this.#first;
    for (const [bin, weight] of bins) {
      this.#scores.fill(score(below), next - this.#first, bin - this.#first);
      this.#scores[bin - this.#first] = score(below + weight / 2);
      below += weight;
      next = bin + 1;
    }
    this.#below = score(0);
    this.#above = score(total);
  }

  score(bin: number): number {
    if (bin < this.#first) return this.#below;
    return this.#scores[bin - this.#first] ?? this.#above;
  }
}
