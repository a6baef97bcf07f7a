/** The last so many values of a series, in order of time and of size. */
export class RollingSample {
  readonly #most: number;
  #byTime: Float64Array;
  #bySize: Float64Array;
  #oldest = 0;
  #size = 0;

  constructor(most: number, values: readonly number[] = []) {
    this.#most = most;
    const kept = values.slice(-most);
    const room = Math.min(most, Math.max(64, kept.length));
    this.#byTime = new Float64Array(room);
    this.#bySize = new Float64Array(room);
    this.#byTime.set(kept);
    this.#bySize.set(Float64Array.from(kept).sort());
    this.#size = kept.length;
  }

  /** The values, the oldest first. */
  toJSON(): number[] {
    return Array.from({ length: this.#size }, (_, index) => this.#byTime[this.#placeOf(index)]!);
  }

  get size(): number {
    return this.#size;
  }

  /** The value of a rank: 0 is the smallest. */
  at(rank: number): number {
    return this.#bySize[rank]!;
  }

  /** How many values are smaller. */
  below(value: number): number {
    return this.#rank((other) => other < value);
  }

  /** How many values are smaller or alike. */
  notAbove(value: number): number {
    return this.#rank((other) => other <= value);
  }

  add(value: number): void {
    if (this.#size === this.#byTime.length && this.#size < this.#most) this.#grow();
    if (this.#size === this.#most) {
      const gone = this.below(this.#byTime[this.#oldest]!);
      this.#bySize.copyWithin(gone, gone + 1, this.#size);
      this.#byTime[this.#oldest] = value;
      this.#oldest = (this.#oldest + 1) % this.#most;
      this.#size -= 1;
    } else this.#byTime[this.#placeOf(this.#size)] = value;
    const rank = this.notAbove(value);
    this.#bySize.copyWithin(rank + 1, rank, this.#size);
    this.#bySize[rank] = value;
    this.#size += 1;
  }

  #placeOf(index: number): number {
    return (this.#oldest + index) % this.#byTime.length;
  }

  #rank(isBelow: (other: number) => boolean): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBelow(this.#bySize[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Only before it is full, so that the oldest value stands first. */
  #grow(): void {
    const room = Math.min(this.#most, this.#byTime.length * 2);
    const byTime = new Float64Array(room);
    const bySize = new Float64Array(room);
    byTime.set(this.#byTime);
    bySize.set(this.#bySize);
    this.#byTime = byTime;
    this.#bySize = bySize;
  }
}
