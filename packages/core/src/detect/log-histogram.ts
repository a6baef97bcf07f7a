/**
 * Width of a bin on the natural logarithm's scale: 4 %. Narrow beside the spread of what calls take (40 %
 * and more), wide enough that a reference of weeks takes some hundred numbers.
 */
export const binWidth = 0.04;

/** Sizes beyond e^±40 are counted as those: nothing that calls take is larger or smaller. */
const mostBins = 1_000;
/** Weights are whole numbers of these parts, so that they are written down short and exact. */
const parts = 64;
/** Room that is left beside the bins in use: sizes nearby are likely to come. */
const slack = 4;

/** The bin of a value on the logarithm's scale. */
export const binOf = (logarithm: number): number =>
  Math.max(-mostBins, Math.min(mostBins, Math.floor(logarithm / binWidth)));
/** The value (a logarithm) in the middle of a bin. */
export const middleOf = (bin: number): number => (bin + 0.5) * binWidth;

/**
 * How often which size was seen, in bins of the logarithm; mergeable, and weights may fade. What detectors
 * remember of a group's calls is made of these: bounded however many calls there are.
 */
export class LogHistogram {
  /** Of the bin `#first` and those after it, in parts. */
  #weights: number[] = [];
  #first = 0;
  #total = 0;

  get total(): number {
    return this.#total / parts;
  }

  add(bin: number, weight = 1): void {
    this.#add(bin, Math.round(weight * parts));
  }

  merge(other: LogHistogram): void {
    for (const [index, weight] of other.#weights.entries()) {
      if (weight > 0) this.#add(other.#first + index, weight);
    }
  }

  /** Old observations count for less; bins that hardly count are forgotten. */
  fade(factor: number): void {
    this.#total = 0;
    for (const [index, weight] of this.#weights.entries()) {
      const left = Math.floor(weight * factor);
      this.#weights[index] = left;
      this.#total += left;
    }
    this.#trim();
  }

  clear(): void {
    this.#weights = [];
    this.#total = 0;
  }

  /** Bins and weights, the smallest sizes first. */
  sorted(): [bin: number, weight: number][] {
    return this.#weights.flatMap((weight, index): [number, number][] =>
      weight > 0 ? [[this.#first + index, weight / parts]] : [],
    );
  }

  /** The size (a logarithm) below which a share `p` of the observations lies; 0 of none. */
  quantile(p: number): number {
    let below = 0;
    let last = 0;
    for (const [index, weight] of this.#weights.entries()) {
      if (weight === 0) continue;
      below += weight;
      last = middleOf(this.#first + index);
      if (below >= p * this.#total) return last;
    }
    return last;
  }

  /** The mean size (a logarithm); 0 of none. */
  mean(): number {
    let sum = 0;
    for (const [index, weight] of this.#weights.entries()) {
      sum += middleOf(this.#first + index) * weight;
    }
    return this.#total === 0 ? 0 : sum / this.#total;
  }

  /** Mean and number of what lies above a size (a logarithm), as the excess over it. */
  excess(over: number): { mean: number; weight: number } {
    let sum = 0;
    let weight = 0;
    for (const [index, count] of this.#weights.entries()) {
      const size = middleOf(this.#first + index);
      if (size <= over) continue;
      sum += (size - over) * count;
      weight += count;
    }
    return { mean: weight === 0 ? 0 : sum / weight, weight: weight / parts };
  }

  toJSON(): HistogramState {
    let from = 0;
    let to = this.#weights.length;
    while (from < to && this.#weights[from] === 0) from += 1;
    while (to > from && this.#weights[to - 1] === 0) to -= 1;
    // Where nothing is left it does not matter where that was.
    return { first: from === to ? 0 : this.#first + from, parts: this.#weights.slice(from, to) };
  }

  static fromJSON(state: HistogramState): LogHistogram {
    const histogram = new LogHistogram();
    histogram.#first = state.first;
    histogram.#weights = [...state.parts];
    histogram.#total = state.parts.reduce((sum, weight) => sum + weight, 0);
    return histogram;
  }

  #add(bin: number, weight: number): void {
    const index = bin - this.#first;
    if (this.#weights.length === 0) {
      this.#first = bin;
      this.#weights.push(0);
    } else if (index < 0) {
      const room = slack - index;
      this.#weights = [...Array.from({ length: room }, () => 0), ...this.#weights];
      this.#first -= room;
    } else if (index >= this.#weights.length) {
      const room = index + 1 + slack - this.#weights.length;
      for (let more = 0; more < room; more++) this.#weights.push(0);
    }
    this.#weights[bin - this.#first]! += weight;
    this.#total += weight;
  }

  #trim(): void {
    const { first, parts: weights } = this.toJSON();
    this.#first = first;
    this.#weights = weights;
  }
}

/** The bin of the first of the weights, and the weights in 64th parts of a call. */
export interface HistogramState {
  first: number;
  parts: number[];
}
