const hour = 3_600_000;
/** So many calls' worth of an hour are needed before half of what it says is believed. */
const shrinkage = 60;

/**
 * How sizes (logarithms) differ between the hours of the day: nights are other users than days. What an
 * hour says counts the more, the more calls it rests on.
 */
export class DailyRhythm {
  readonly #sums = new Float64Array(24);
  readonly #calls = new Float64Array(24);
  readonly #offsets = new Float64Array(24);

  /** What the hour of `at` (milliseconds since 1970) usually adds to a size. */
  offset(at: number): number {
    return this.#offsets[Math.floor(at / hour) % 24]!;
  }

  /** `residual`: the size less what was known of its hour. */
  add(size: number, at: number): void {
    const index = Math.floor(at / hour) % 24;
    this.#sums[index]! += size;
    this.#calls[index]! += 1;
  }

  /** Ends a day; older days count for less by `fade`. */
  endDay(fade: number): void {
    let sum = 0;
    let calls = 0;
    for (let index = 0; index < 24; index++) {
      sum += this.#sums[index]!;
      calls += this.#calls[index]!;
    }
    const mean = calls === 0 ? 0 : sum / calls;
    for (let index = 0; index < 24; index++) {
      const count = this.#calls[index]!;
      this.#offsets[index] =
        count === 0 ? 0 : (this.#sums[index]! / count - mean) * (count / (count + shrinkage));
      this.#sums[index]! *= fade;
      this.#calls[index]! *= fade;
    }
  }
}
