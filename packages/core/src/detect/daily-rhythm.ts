const hour = 3_600_000;
/** So many calls' worth of an hour are needed before half of what it says is believed. */
const shrinkage = 60;
/** What is remembered is whole numbers of these parts, so that it is written down short and exact. */
const sizeParts = 1_000;
const callParts = 64;
const noHours: readonly number[] = Array.from({ length: 24 }, () => 0);

/** By hour of the day (UTC), 24 numbers each: sizes and offsets in thousandths, calls in 64ths. */
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
  readonly #sums: number[];
  readonly #calls: number[];
  readonly #offsets: number[];

  constructor(state?: RhythmState) {
    this.#sums = [...(state?.sums ?? noHours)];
    this.#calls = [...(state?.calls ?? noHours)];
    this.#offsets = [...(state?.offsets ?? noHours)];
  }

  toJSON(): RhythmState {
    return { sums: [...this.#sums], calls: [...this.#calls], offsets: [...this.#offsets] };
  }

  /** What the hour of `at` (milliseconds since 1970) usually adds to a size. */
  offset(at: number): number {
    return this.#offsets[hourOfDay(at)]! / sizeParts;
  }

  add(size: number, at: number): void {
    const index = hourOfDay(at);
    this.#sums[index]! += Math.round(size * sizeParts);
    this.#calls[index]! += callParts;
  }

  /** Ends a day; older days count for less by `fade`. */
  endDay(fade: number): void {
    let sum = 0;
    let parts = 0;
    for (let index = 0; index < 24; index++) {
      sum += this.#sums[index]!;
      parts += this.#calls[index]!;
    }
    const mean = parts === 0 ? 0 : sum / (parts / callParts);
    for (let index = 0; index < 24; index++) {
      const calls = this.#calls[index]! / callParts;
      this.#offsets[index] =
        calls === 0
          ? 0
          : Math.round((this.#sums[index]! / calls - mean) * (calls / (calls + shrinkage)));
      this.#calls[index] = Math.floor(calls * fade * callParts);
      // What no calls are left of has no sum either.
      this.#sums[index] = this.#calls[index] === 0 ? 0 : Math.round(this.#sums[index]! * fade);
    }
  }
}
