const hour = 3_600_000;
/** So many calls' worth of an hour are needed before half of what it says is believed. */
const shrinkage = 60;
const noHours: readonly number[] = Array.from({ length: 24 }, () => 0);

/** By hour of the day (UTC), 24 numbers each. */
export interface RhythmState {
  sums: number[];
  calls: number[];
  offsets: number[];
}

/** Also of times before 1970, which a broken clock tells. */
const hourOfDay = (at: number): number => ((Math.floor(at / hour) % 24) + 24) % 24;

/**
 * How sizes (logarithms) differ between the hours of the day: nights are other users than days. What an
 * hour says counts the more, the more calls it rests on.
 */
export class DailyRhythm {
  readonly #sums: Float64Array;
  readonly #calls: Float64Array;
  readonly #offsets: Float64Array;

  constructor(state?: RhythmState) {
    this.#sums = Float64Array.from(state?.sums ?? noHours);
    this.#calls = Float64Array.from(state?.calls ?? noHours);
    this.#offsets = Float64Array.from(state?.offsets ?? noHours);
  }

  toJSON(): RhythmState {
    return { sums: [...this.#sums], calls: [...this.#calls], offsets: [...this.#offsets] };
  }

  /** What the hour of `at` (milliseconds since 1970) usually adds to a size. */
  offset(at: number): number {
    return this.#offsets[hourOfDay(at)]!;
  }

  add(size: number, at: number): void {
    const index = hourOfDay(at);
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
