import { addScore, newCusum, type Cusum } from './cusum.js';

/** What the detector knows between calls. */
export interface RateState {
  hits: number;
  calls: number;
  days: number;
  hits_today: number;
  calls_today: number;
  /** Of each line, or null where its sum is nothing: sum, calls, since when, hits. */
  lines: ([number, number, number, number] | null)[];
}

/** A kind of call that has become more frequent. */
export interface RateRise {
  /** Since when, milliseconds since 1970. */
  since: number;
  /** Calls since then, of whatever kind. */
  calls: number;
  /** The share that was usual, and the share since then. */
  usual: number;
  now: number;
  /** `now` by `usual`. */
  factor: number;
}

/** Below a share of one in a hundred nothing is usual: a first retry in a thousand calls is no rise. */
const leastUsual = 0.01;
/** Rates to tell it from, each against a sum of its own: a moderate one and a large one. */
const raised = [
  { least: 0.1, times: 3 },
  { least: 0.6, times: 12 },
] as const;
const mostRaised = 0.95;
const memoryDays = 14;
const averageRunDays = 120;
const leastCalls = 30;
const leastRun = 50;

/**
 * Finds that a kind of call (retries, calls without a price, calls of no feature) has become more frequent:
 * CUSUMs of log likelihood ratios, the usual rate against a higher one
 * (Reynolds and Stoumbos, "A CUSUM chart for monitoring a proportion", 1999).
 */
export class RateDetector {
  #hits: number;
  #calls: number;
  #days: number;
  #hitsToday: number;
  #callsToday: number;
  /** None before there is something to judge by. */
  #lines: Line[];
  #steps: Steps[] | null;
  #usual = 0;

  constructor(state?: RateState) {
    this.#hits = state?.hits ?? 0;
    this.#calls = state?.calls ?? 0;
    this.#days = state?.days ?? 0;
    this.#hitsToday = state?.hits_today ?? 0;
    this.#callsToday = state?.calls_today ?? 0;
    this.#lines = (state?.lines ?? []).map((line) => {
      const [sum, count, since, hits] = line ?? [0, 0, 0, 0];
      return { sum, count, since, hits };
    });
    this.#steps = this.#freeze();
  }

  toJSON(): RateState {
    return {
      hits: this.#hits,
      calls: this.#calls,
      days: this.#days,
      hits_today: this.#hitsToday,
      calls_today: this.#callsToday,
      lines: this.#lines.map(({ sum, count, since, hits }) =>
        count === 0 ? null : [sum, count, since, hits],
      ),
    };
  }

  /** Adds a call; `judged`: false for history. */
  observe(hit: boolean, at: number, judged = true): RateRise | null {
    this.#callsToday += 1;
    if (hit) this.#hitsToday += 1;
    if (this.#steps === null || !judged) return null;
    if (this.#lines.length === 0) this.#lines = freshLines();
    let found: RateRise | null = null;
    for (let index = 0; index < this.#lines.length; index++) {
      const line = this.#lines[index]!;
      const steps = this.#steps[index]!;
      if (line.count === 0) line.hits = 0;
      if (hit) line.hits += 1;
      const sum = addScore(line, hit ? steps.hit : steps.miss, 0, at);
      if (sum <= steps.height) continue;
      if (found !== null && found.since <= line.since) continue;
      const now = line.hits / line.count;
      found = {
        since: line.since,
        calls: line.count,
        usual: this.#usual,
        now,
        factor: now / this.#usual,
      };
    }
    if (found !== null) this.#lines = freshLines();
    return found;
  }

  /** Ends a day: it becomes part of what is usual, unless it is set apart because of an alarm. */
  endDay(setApart: boolean): void {
    if (!setApart) {
      const left = 1 - 1 / memoryDays;
      this.#hits = rounded(this.#hits * left + this.#hitsToday);
      this.#calls = rounded(this.#calls * left + this.#callsToday);
      this.#days = rounded(Math.min(memoryDays, this.#days * left + 1));
      this.#steps = this.#freeze();
    }
    this.#hitsToday = 0;
    this.#callsToday = 0;
  }

  /** Null where nothing can be told: of too few calls, and of what is nearly always so. */
  #freeze(): Steps[] | null {
    if (this.#calls < leastCalls) return null;
    const usual = Math.max((this.#hits + 1) / (this.#calls + 20), leastUsual);
    this.#usual = usual;
    if (usual >= 0.8) return null;
    const run = Math.max((this.#calls / this.#days) * averageRunDays, leastRun) * raised.length;
    return raised.map(({ least, times }) => {
      const rate = Math.max(least, Math.min(times * usual, mostRaised));
      const hit = Math.log(rate / usual);
      return {
        hit,
        miss: Math.log((1 - rate) / (1 - usual)),
        // Two calls are not enough, whatever they are.
        height: Math.max(Math.log(run), 2 * hit + 0.01),
      };
    });
  }
}

type Line = Cusum & { hits: number };

interface Steps {
  hit: number;
  miss: number;
  height: number;
}

const rounded = (value: number): number => Math.round(value * 1e3) / 1e3;
const freshLines = (): Line[] => raised.map(() => ({ ...newCusum(), hits: 0 }));
