const hour = 3_600_000;
const day = 24 * hour;
/** Recent hours are kept two by two, and judged when two are over. */
const block = 2 * hour;
/** The last so many hours are compared: a day, and less where there are many calls. */
const windows = [6, 12, 24, 48] as const;
const keptBlocks = (48 * hour) / block;
/** Days that they are compared with: from 16 to 4 days ago, so that what creeps cannot hide in them. */
const longestDays = 16;
const lag = 4;
const leastDays = 6;
const leastRecentCalls = 30;
const leastDifference = Math.log(1.1);
/**
 * In standard errors. A day differs from others once a day; what calls happen to be is new at every test, so that
 * it takes more to be sure.
 */
const driftSureness = 3.4;
const chanceSureness = 3.7;
/** How far days may differ, while there are few of them: as if so many had been seen. */
const usualDrift = 0.05;
const usualDriftDays = 4;

/** A quantity that has grown slowly. */
export interface Creep {
  /** How many times what it was some days before. */
  factor: number;
  /** From when on it may have grown, milliseconds since 1970. */
  since: number;
  /** Recent calls that were compared. */
  calls: number;
  /** What was usual in the days before, and what is now: means of the logarithm. */
  before: number;
  now: number;
}

/** Number of the day or block since 1970, sum of sizes, calls; in turn, the oldest first. */
export interface CreepState {
  days: number[];
  blocks: number[];
}

/**
 * Finds what grows so slowly that no day differs from the day before: the mean of the last hours against days
 * of a while ago, by how far days of that time differed from each other.
 */
export class CreepDetector {
  readonly #days: Sums;
  readonly #blocks: Sums;

  constructor(state?: CreepState) {
    this.#days = new Sums(longestDays, state?.days);
    this.#blocks = new Sums(keptBlocks, state?.blocks);
  }

  toJSON(): CreepState {
    return { days: this.#days.toJSON(), blocks: this.#blocks.toJSON() };
  }

  /**
   * Adds a size (a logarithm without the hour's rhythm, clipped to the usual range); `spread`: its standard
   * deviation there.
   */
  observe(size: number, at: number, spread: number, judged = true): Creep | null {
    const now = Math.floor(at / block);
    const last = this.#blocks.last;
    const found =
      judged && last !== null && now > last ? this.#judge(now * block, now, spread) : null;
    this.#blocks.add(now, size);
    this.#days.add(Math.floor(at / day), size);
    return found;
  }

  #judge(at: number, now: number, spread: number): Creep | null {
    const before = this.#before(Math.floor(at / day) - lag, spread);
    if (before === null) return null;
    for (const hours of windows) {
      const recent = this.#blocks.between(now - (hours * hour) / block, now);
      if (recent.calls < leastRecentCalls) continue;
      const height = Math.sqrt(
        driftSureness ** 2 * (before.drift ** 2 / Math.max(1, hours / 24) + before.error ** 2) +
          chanceSureness ** 2 * (spread ** 2 / recent.calls),
      );
      const mean = recent.sum / recent.calls;
      const difference = mean - before.mean;
      if (difference < Math.max(leastDifference, height)) continue;
      return {
        factor: Math.exp(difference),
        since: (Math.floor(at / day) - lag) * day,
        calls: recent.calls,
        before: before.mean,
        now: mean,
      };
    }
    return null;
  }

  /** Mean of the days before one, its standard error, and how far such days differ; null of too few. */
  #before(until: number, spread: number): { mean: number; error: number; drift: number } | null {
    const means: number[] = [];
    let calls = 0;
    this.#days.forEach((index, sum, count) => {
      if (index >= until || count < 5) return;
      means.push(sum / count);
      calls += count;
    });
    if (means.length < leastDays) return null;
    const mean = means.reduce((a, b) => a + b, 0) / means.length;
    const squares = means.reduce((a, b) => a + (b - mean) ** 2, 0);
    // What few calls a day explain is not the days' own.
    const explained = (spread ** 2 / (calls / means.length)) * (means.length - 1);
    const drift = Math.sqrt(
      (Math.max(0, squares - explained) + usualDriftDays * usualDrift ** 2) /
        (means.length - 1 + usualDriftDays),
    );
    return {
      mean,
      error: Math.sqrt(drift ** 2 / means.length + spread ** 2 / calls),
      drift,
    };
  }
}

/** Sums of sizes by periods, of the newest so many. */
class Sums {
  readonly #most: number;
  /** Index, sum, calls, in turn. */
  readonly #values: number[];

  constructor(most: number, values: readonly number[] = []) {
    this.#most = most;
    this.#values = [...values];
  }

  get last(): number | null {
    return this.#values.at(-3) ?? null;
  }

  /** To the newest, where the index is not a newer one's. */
  add(index: number, size: number): void {
    const values = this.#values;
    const last = this.last;
    if (last !== null && index <= last) {
      values[values.length - 2]! += size;
      values[values.length - 1]! += 1;
      return;
    }
    // What is over is kept short.
    if (last !== null) values[values.length - 2] = Math.round(values.at(-2)! * 1e3) / 1e3;
    values.push(index, size, 1);
    while (values[0]! < index - this.#most) values.splice(0, 3);
  }

  between(from: number, until: number): { sum: number; calls: number } {
    let sum = 0;
    let calls = 0;
    this.forEach((index, amount, count) => {
      if (index < from || index >= until) return;
      sum += amount;
      calls += count;
    });
    return { sum, calls };
  }

  forEach(visit: (index: number, sum: number, calls: number) => void): void {
    const values = this.#values;
    for (let place = 0; place < values.length; place += 3) {
      visit(values[place]!, values[place + 1]!, values[place + 2]!);
    }
  }

  toJSON(): number[] {
    return [...this.#values];
  }
}
