/** The last values of a sequence, so many at most; with their median, where it is asked for, at hand. */
export class RecentValues {
  readonly #most: number;
  /** Oldest first. */
  readonly #values: number[];
  /** The same by size; null where nobody asks for the median. */
  readonly #sorted: number[] | null;

  constructor(most: number, withMedian: boolean, values: readonly number[] = []) {
    this.#most = most;
    this.#values = values.slice(Math.max(0, values.length - most));
    this.#sorted = withMedian ? this.#values.toSorted((a, b) => a - b) : null;
  }

  get count(): number {
    return this.#values.length;
  }

  /** Oldest first; a copy. */
  get values(): number[] {
    return [...this.#values];
  }

  add(value: number): void {
    if (this.#most === 0) return;
    this.#values.push(value);
    this.#sorted?.splice(this.#place(value), 0, value);
    if (this.#values.length <= this.#most) return;
    const oldest = this.#values.shift()!;
    this.#sorted?.splice(this.#place(oldest), 1);
  }

  /** The middle one, or the mean of the two in the middle; 0 of none. */
  median(): number {
    const sorted = this.#sorted ?? [];
    const half = sorted.length >> 1;
    if (sorted.length === 0) return 0;
    return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  }

  /** Of the first that is not smaller. */
  #place(value: number): number {
    const sorted = this.#sorted!;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
