/** Room for so many values at first; windows of rare groups stay small. */
const firstRoom = 16;

/**
 * Exact quantiles and mean of the last `size` values: a ring in the order of arrival beside the same
 * values in order of size. One value in costs two binary searches and one short move of memory; reading
 * costs nothing.
 */
export class SlidingQuantiles {
  readonly #size: number;
  #ring: Float64Array;
  #sorted: Float64Array;
  #count = 0;
  #next = 0;
  #sum = 0;

  constructor(size: number) {
    this.#size = size;
    this.#ring = new Float64Array(Math.min(size, firstRoom));
    this.#sorted = new Float64Array(this.#ring.length);
  }

  get count(): number {
    return this.#count;
  }

  /** Mean of the window; NaN when it is empty. */
  get mean(): number {
    return this.#sum / this.#count;
  }

  get largest(): number {
    return this.#count === 0 ? Number.NaN : this.#sorted[this.#count - 1]!;
  }

  add(value: number): void {
    if (this.#count < this.#size) {
      if (this.#count === this.#ring.length) this.#grow();
      const at = rankOf(this.#sorted, this.#count, value);
      this.#sorted.copyWithin(at + 1, at, this.#count);
      this.#sorted[at] = value;
      this.#ring[this.#count] = value;
      this.#count += 1;
      this.#sum += value;
      return;
    }
    const oldest = this.#ring[this.#next]!;
    this.#ring[this.#next] = value;
    this.#next = this.#next + 1 === this.#size ? 0 : this.#next + 1;
    this.#sum += value - oldest;
    if (value !== oldest) this.#replace(oldest, value);
  }

  /**
   * The smallest value that a new one, drawn like those in the window, does not exceed with at least
   * the probability `share`: rank ⌈(n + 1) share⌉, as split conformal prediction takes it (Vovk et al.,
   * 2005). NaN when the window is empty.
   */
  quantile(share: number): number {
    const count = this.#count;
    if (count === 0) return Number.NaN;
    const rank = Math.ceil(share * (count + 1)) - 1;
    return this.#sorted[Math.min(Math.max(rank, 0), count - 1)]!;
  }

  /** The values from the oldest to the newest, for a later start. */
  values(): number[] {
    return [...this.#ring.subarray(this.#next, this.#count), ...this.#ring.subarray(0, this.#next)];
  }

  /** Takes one value out of the order and puts another in: only what lies between them moves. */
  #replace(oldest: number, value: number): void {
    const sorted = this.#sorted;
    const from = rankOf(sorted, this.#count, oldest);
    const to = rankOf(sorted, this.#count, value);
    if (to > from) {
      sorted.copyWithin(from, from + 1, to);
      sorted[to - 1] = value;
    } else {
      sorted.copyWithin(to + 1, to, from);
      sorted[to] = value;
    }
  }

  #grow(): void {
    const room = Math.min(2 * this.#ring.length, this.#size);
    const ring = new Float64Array(room);
    ring.set(this.#ring);
    this.#ring = ring;
    const sorted = new Float64Array(room);
    sorted.set(this.#sorted);
    this.#sorted = sorted;
  }
}

/** Index of the first of `count` values that is not smaller. */
function rankOf(sorted: Float64Array, count: number, value: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
