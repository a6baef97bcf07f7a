/** An hour or a day of calls: number since 1970, amounts, what they are over (for ratios), and calls. */
export type Period = [index: number, amount: number, over: number, calls: number];

/** What is known of the last periods. */
export interface PeriodSumsState {
  /** The first that was ever seen, in part. */
  first: number | null;
  /** Those with calls, oldest first. */
  periods: Period[];
}

/** Sums by hour or day, of the newest and so many before it; those without calls take no room. */
export class PeriodSums {
  readonly #length: number;
  readonly #most: number;
  #first: number | null;
  readonly #periods: Period[];

  /** @param length of a period, milliseconds. @param most periods before the newest that are kept. */
  constructor(length: number, most: number, state?: PeriodSumsState) {
    this.#length = length;
    this.#most = most;
    this.#first = state?.first ?? null;
    this.#periods = state?.periods.map((period): Period => [...period]) ?? [];
  }

  get newest(): Period | null {
    return this.#periods.at(-1) ?? null;
  }

  indexOf(at: number): number {
    return Math.floor(at / this.#length);
  }

  startOf(index: number): number {
    return index * this.#length;
  }

  /** Adds to the period of `at`; tells whether it is the newest. What is older than all that is kept is not added. */
  add(at: number, amount: number, over: number): boolean {
    const index = this.indexOf(at);
    this.#first = Math.min(this.#first ?? index, index);
    const periods = this.#periods;
    const newest = periods.at(-1)?.[0] ?? index;
    if (index < newest - this.#most) return false;
    let place = periods.length;
    while (place > 0 && periods[place - 1]![0] > index) place -= 1;
    const period = periods[place - 1];
    if (period?.[0] === index) {
      period[1] += amount;
      period[2] += over;
      period[3] += 1;
    } else periods.splice(place, 0, [index, amount, over, 1]);
    while (periods[0]![0] < Math.max(newest, index) - this.#most) periods.shift();
    return index >= newest;
  }

  /** Forgets the periods after that of `now`; tells whether there were any. */
  forgetAfter(now: number): boolean {
    const last = this.indexOf(now);
    const before = this.#periods.length;
    while ((this.#periods.at(-1)?.[0] ?? last) > last) this.#periods.pop();
    return this.#periods.length < before;
  }

  /** Amounts of the periods before one, oldest first, from the first that was seen in whole; 0 without calls. */
  amountsBefore(index: number): number[] {
    const from = Math.max(index - this.#most, (this.#first ?? index) + 1);
    if (from >= index) return [];
    const amounts = Array.from({ length: index - from }, () => 0);
    for (const [period, amount] of this.#periods) {
      if (period >= from && period < index) amounts[period - from] = amount;
    }
    return amounts;
  }

  /** Ratios of the periods before one that have any, oldest first. */
  ratiosBefore(index: number): number[] {
    return this.#periods.flatMap(([period, amount, over]) =>
      period < index && period > (this.#first ?? index) && over > 0 ? [amount / over] : [],
    );
  }

  toJSON(): PeriodSumsState {
    return { first: this.#first, periods: this.#periods.map((period): Period => [...period]) };
  }
}
