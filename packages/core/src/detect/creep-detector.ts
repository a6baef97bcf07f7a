const hour = 3_600_000;
const recentHours = 24;
/** Days that the last one is compared with: from 16 to 4 days ago, so that what creeps cannot hide in them. */
const longestDays = 16;
const lag = 4;
const leastDays = 6;
const leastRecentCalls = 12;
const leastDifference = Math.log(1.1);
/** In standard errors, for a test that is made every hour. */
const sureness = 3.5;

/** A quantity that has grown slowly. */
export interface Creep {
  /** How many times what it was some days before. */
  factor: number;
  /** From when on it may have grown, milliseconds since 1970. */
  since: number;
}

/** Sums of sizes by day and by hour, both counted since 1970. */
export interface CreepState {
  days: { day: number; sum: number; calls: number }[];
  hours: { hour: number; sum: number; calls: number }[];
}

/**
 * Finds what grows so slowly that no day differs from the day before: the mean of the last 24 hours against
 * days of a while ago, judged once an hour by how far days of that time differed from each other.
 */
export class CreepDetector {
  readonly #days: CreepState['days'];
  readonly #hours: CreepState['hours'];

  constructor(state?: CreepState) {
    this.#days = state?.days.map((each) => ({ ...each })) ?? [];
    this.#hours = state?.hours.map((each) => ({ ...each })) ?? [];
  }

  toJSON(): CreepState {
    return {
      days: this.#days.map((each) => ({ ...each })),
      hours: this.#hours.map((each) => ({ ...each })),
    };
  }

  /** Adds a size (a logarithm, clipped to the usual range); `spread`: its standard deviation there. */
  observe(size: number, at: number, spread: number, judged = true): Creep | null {
    const now = Math.floor(at / hour);
    const last = this.#hours.at(-1);
    let found: Creep | null = null;
    if (last === undefined || now > last.hour) {
      if (last !== undefined && judged) found = this.#judge(now, spread);
      this.#hours.push({ hour: now, sum: size, calls: 1 });
      while (this.#hours[0]!.hour < now - recentHours) this.#hours.shift();
    } else {
      last.sum += size;
      last.calls += 1;
    }
    const day = Math.floor(at / (24 * hour));
    const today = this.#days.at(-1);
    if (today === undefined || day > today.day) {
      this.#days.push({ day, sum: size, calls: 1 });
      while (this.#days[0]!.day < day - longestDays) this.#days.shift();
    } else {
      today.sum += size;
      today.calls += 1;
    }
    return found;
  }

  #judge(now: number, spread: number): Creep | null {
    const today = Math.floor(now / 24);
    const before = this.#days.filter(({ day, calls }) => day < today - lag && calls >= 5);
    if (before.length < leastDays) return null;
    let sum = 0;
    let calls = 0;
    for (const hourly of this.#hours) {
      if (hourly.hour >= now || hourly.hour < now - recentHours) continue;
      sum += hourly.sum;
      calls += hourly.calls;
    }
    if (calls < leastRecentCalls) return null;
    const means = before.map((each) => each.sum / each.calls);
    const mean = means.reduce((a, b) => a + b, 0) / means.length;
    const variance = means.reduce((a, b) => a + (b - mean) ** 2, 0) / (means.length - 1);
    const perDay = before.reduce((a, b) => a + b.calls, 0) / before.length;
    // Of the days' variance, what few calls explain is known apart: the last day has calls of its own.
    const between = Math.max(variance - spread ** 2 / perDay, 0.03 ** 2);
    const error = Math.sqrt(
      between * (1 + 1 / means.length) +
        spread ** 2 / calls +
        spread ** 2 / (perDay * means.length),
    );
    const difference = sum / calls - mean;
    if (difference < leastDifference || difference / error < sureness) return null;
    return { factor: Math.exp(difference), since: (today - lag) * 24 * hour };
  }
}
