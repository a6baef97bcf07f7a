/** An hour or a day of calls. */
export interface Period {
  /** Number since 1970. */
  index: number;
  amount: number;
  /** What the amount is over, for ratios. */
  over: number;
  calls: number;
}

/** What is known of the last periods. */
export interface PeriodSumsState {
  /** The first that was ever seen, in part. */
  first: number | null;
  /** Those with calls, oldest first: index, amount, over, calls, in turn. */
  periods: number[];
}

/** Numbers that a period takes in the list. */
const width = 4;

/** Sums by hour or day, of the newest and so many before it; those without calls take no room. */
export class PeriodSums {
  readonly #length: number;
  readonly #most: number;
  #first: number | null;
  /** One flat list: there may be ten thousand groups of some hundred hours. */
  readonly #values: number[];

  /** @param length of a period, milliseconds. @param most periods before the newest that are kept. */
  constructor(length: number, most: number, state?: PeriodSumsState) {
    this.#length = length;
    this.#most = most;
    this.#first = state?.first ?? null;
    this.#values = [...(state?.periods ?? [])];
  }

  get newest(): Period | null {
    return this.#values.length === 0 ? null : this.#at(this.#values.length - width);
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
    const values = this.#values;
    const newest = values.at(-width) ?? index;
    if (index < newest - this.#most) return false;
    let place = values.length;
    while (place > 0 && values[place - width]! > index) place -= width;
    if (values[place - width] === index) {
      values[place - width + 1]! += amount;
      values[place - width + 2]! += over;
      values[place - width + 3]! += 1;
    } else values.splice(place, 0, index, amount, over, 1);
    while (values[0]! < Math.max(newest, index) - this.#most) values.splice(0, width);
    return index >= newest;
  }

  /** Forgets the periods after that of `now`; tells whether there were any. */
  forgetAfter(now: number): boolean {
    const last = this.indexOf(now);
    const before = this.#values.length;
    while ((this.#values.at(-width) ?? last) > last) this.#values.length -= width;
    return this.#values.length < before;
  }

  /** Amounts of the periods before one, oldest first, from the first that was seen in whole; 0 without calls. */
  amountsBefore(index: number): number[] {
    const from = Math.max(index - this.#most, (this.#first ?? index) + 1);
    if (from >= index) return [];
    const amounts = Array.from({ length: index - from }, () => 0);
    for (let place = 0; place < this.#values.length; place += width) {
      const period = this.#at(place);
      if (period.index >= from && period.index < index) {
        amounts[period.index - from] = period.amount;
      }
    }
    return amounts;
  }

  /** Ratios of the periods before one that have any, oldest first. */
  ratiosBefore(index: number): number[] {
    const ratios: number[] = [];
    for (let place = 0; place < this.#values.length; place += width) {
      const period = this.#at(place);
      const isWhole = period.index > (this.#first ?? index);
      if (period.index < index && isWhole && period.over > 0) {
        ratios.push(period.amount / period.over);
      }
    }
    return ratios;
  }

  toJSON(): PeriodSumsState {
    return { first: this.#first, periods: [...this.#values] };
  }

  #at(place: number): Period {
    const [index, amount, over, calls] = this.#values.slice(place, place + width);
    return { index: index!, amount: amount!, over: over!, calls: calls! };
  }
}
