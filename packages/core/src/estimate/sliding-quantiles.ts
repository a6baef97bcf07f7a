/**
 * Exact quantiles and mean of the last `size` values: a ring in the order of arrival beside the same
 * values in order of size. One value in costs a binary search and a short move; reading costs nothing.
 */
export class SlidingQuantiles {
  readonly #size: number;
  readonly #ring: number[] = [];
  readonly #sorted: number[] = [];
  #next = 0;
  #sum = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get count(): number {
    return this.#ring.length;
  }

  /** Mean of the window; NaN when it is empty. */
  get mean(): number {
    return this.#sum / this.#ring.length;
  }

  get largest(): number {
    return this.#sorted[this.#sorted.length - 1] ?? Number.NaN;
  }

  add(value: number): void {
    if (this.#ring.length < this.#size) {
      this.#ring.push(value);
    } else {
      const oldest = this.#ring[this.#next]!;
      this.#sorted.splice(rankOf(this.#sorted, oldest), 1);
      this.#sum -= oldest;
      this.#ring[this.#next] = value;
      this.#next = (this.#next + 1) % this.#size;
    }
    this.#sorted.splice(rankOf(this.#sorted, value), 0, value);
    this.#sum += value;
  }

  /**
   * The smallest value that a new one, drawn like those in the window, does not exceed with at least
   * the probability `share`: rank ⌈(n + 1) share⌉, as split conformal prediction takes it (Vovk et al.,
   * 2005). NaN when the window is empty.
   */
  quantile(share: number): number {
    const count = this.#sorted.length;
    const rank = Math.ceil(share * (count + 1)) - 1;
    return this.#sorted[Math.min(Math.max(rank, 0), count - 1)] ?? Number.NaN;
  }

  /** The values from the oldest to the newest, for a later start. */
  values(): number[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
  }
}

/** Index of the first value that is not smaller. */
function rankOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
