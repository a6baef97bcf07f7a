const hour = 3_600_000;
/**
 * So many calls of an hour are needed before half of what they say is believed: the more hours differ, beside
 * what calls differ by within them, the fewer (empirical Bayes; B. Efron and C. Morris, 1973).
 */
const shrinkage = { least: 5, most: 60 } as const;
/** What is remembered is whole numbers of these parts, so that it is written down short and exact. */
const sizeParts = 1_000;
const callParts = 64;
const noHours: readonly number[] = Array.from({ length: 24 }, () => 0);

/** By hour of the day (UTC), 24 numbers each: sizes and offsets in thousandths, calls in 64ths. */
export interface RhythmState {
  /** Of the squares of all sizes, in thousandths. */
  squares: number;
  sums: number[];
  calls: number[];
  /** Null before the end of the first day. */
  offsets: number[] | null;
}

/** Also of times before 1970, which a broken clock tells. */
const hourOfDay = (at: number): number => ((Math.floor(at / hour) % 24) + 24) % 24;

/**
 * How sizes (logarithms) differ between the hours of the day: nights are other users than days. What an
 * hour says counts the more, the more calls it rests on.
 */
export class DailyRhythm {
  #squares: number;
  readonly #sums: number[];
  readonly #calls: number[];
  #offsets: number[] | null;

  constructor(state?: RhythmState) {
    this.#squares = state?.squares ?? 0;
    this.#sums = [...(state?.sums ?? noHours)];
    this.#calls = [...(state?.calls ?? noHours)];
    this.#offsets = state?.offsets ? [...state.offsets] : null;
  }

  toJSON(): RhythmState {
    return {
      squares: this.#squares,
      sums: [...this.#sums],
      calls: [...this.#calls],
      offsets: this.#offsets && [...this.#offsets],
    };
  }

  /** What the hour of `at` (milliseconds since 1970) usually adds to a size. */
  offset(at: number): number {
    return this.#offsets === null ? 0 : this.#offsets[hourOfDay(at)]! / sizeParts;
  }

  add(size: number, at: number): void {
    const index = hourOfDay(at);
    this.#sums[index]! += Math.round(size * sizeParts);
    this.#calls[index]! += callParts;
    this.#squares += Math.round(size ** 2 * sizeParts);
  }

  /** Ends a day; older days count for less by `fade`. */
  endDay(fade: number): void {
    let sum = 0;
    let calls = 0;
    let hours = 0;
    /** What the hours' means explain of the squares. */
    let explained = 0;
    for (let index = 0; index < 24; index++) {
      const count = this.#calls[index]! / callParts;
      if (count === 0) continue;
      const amount = this.#sums[index]! / sizeParts;
      sum += amount;
      calls += count;
      hours += 1;
      explained += amount ** 2 / count;
    }
    const mean = calls === 0 ? 0 : sum / calls;
    const within = Math.max(0, this.#squares / sizeParts - explained) / Math.max(1, calls - hours);
    const between = Math.max(0, (explained - calls * mean ** 2 - within * hours) / calls);
    // Where all sizes are alike, both are 0, and hours have nothing to say.
    const ratio = between === 0 ? shrinkage.most : within / between;
    const shrunk = Math.max(shrinkage.least, Math.min(shrinkage.most, ratio));
    const offsets = (this.#offsets ??= [...noHours]);
    for (let index = 0; index < 24; index++) {
      const count = this.#calls[index]! / callParts;
      const own = count === 0 ? 0 : this.#sums[index]! / sizeParts / count - mean;
      offsets[index] = count === 0 ? 0 : Math.round(own * (count / (count + shrunk)) * sizeParts);
      this.#calls[index] = Math.floor(count * fade * callParts);
      // What no calls are left of has no sum either.
      this.#sums[index] = this.#calls[index] === 0 ? 0 : Math.round(this.#sums[index]! * fade);
    }
    this.#squares = Math.round(this.#squares * fade);
  }
}
