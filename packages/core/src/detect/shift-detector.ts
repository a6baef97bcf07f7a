import { addScore, newCusum, siegmundThreshold, type Cusum } from './cusum.js';
import { DailyRhythm, type RhythmState } from './daily-rhythm.js';
import { binOf, binWidth, LogHistogram, ScoreTable, type HistogramState } from './log-histogram.js';

/** A quantity of a group's calls that has moved up and stays there. */
export interface Shift {
  /** Since when, milliseconds since 1970. */
  since: number;
  /** Calls since then. */
  calls: number;
  /** How many times what it was: 2 is twice as much. */
  factor: number;
}

/** Scores are clipped here: one call can never alarm, however large it is. */
const clip = 3;
/** References against which sums run: a small one for small shifts, a large one for large. */
const references = [0.25, 0.5, 1] as const;
/** Sums below these are reached by two or three large calls. */
const leastHeights = [8, 8, 2.5 * clip - 0.01] as const;
/** Shifts below 15 % are nobody's concern. */
const leastTolerance = Math.log(1.15);
/** One false alarm in so many days of the group's calls, all of its tests together. */
const averageRunDays = 120;
/**
 * Sizes of calls are not independent: neighbours resemble each other, and days drift. What has few values,
 * as a price or whether the cache had it, is nearer to it.
 */
const dependence = { sizes: 3, fewValued: 1 } as const;
export const leastReference = 30;
/** How fast the reference forgets: it stands for about so many days. */
export const referenceDays = 14;
const mostDailyMeans = 14;

/** What the detector knows between calls; plain values, so that it can be kept on disk. */
export interface ShiftState {
  reference: HistogramState;
  today: HistogramState;
  daily: { mean: number; calls: number }[];
  days: number;
  sum_today: number;
  rhythm: RhythmState | null;
  cusums: (Cusum & { total: number })[];
  /** How many quantities shared the false alarms when the reference was last frozen; null before. */
  tests: number | null;
}

/**
 * Finds lasting shifts of one quantity of one group. Each call's size becomes a normal score by its rank in
 * a reference of the last two weeks that does not move during the day; sums of scores above a tolerance
 * (CUSUM) alarm at heights that make false alarms rare by calculation (Siegmund). Days with an alarm do
 * not enter the reference, so that what is wrong does not become what is normal.
 */
export class ShiftDetector {
  readonly #reference: LogHistogram;
  readonly #today: LogHistogram;
  readonly #daily: { mean: number; calls: number }[];
  #days: number;
  readonly #rhythm: DailyRhythm | null;
  #sumToday: number;
  #cusums: (Cusum & { total: number })[];
  #tests: number | null;
  #frozen: Frozen | null = null;

  /** `rhythmic`: sizes vary by the hour; not so for quantities that have few values, as prices do. */
  constructor(rhythmic = true, state?: ShiftState) {
    this.#reference = state ? LogHistogram.fromJSON(state.reference) : new LogHistogram();
    this.#today = state ? LogHistogram.fromJSON(state.today) : new LogHistogram();
    this.#daily = state ? [...state.daily] : [];
    this.#days = state?.days ?? 0;
    this.#rhythm = rhythmic ? new DailyRhythm(state?.rhythm ?? undefined) : null;
    this.#sumToday = state?.sum_today ?? 0;
    this.#cusums = state ? state.cusums.map((each) => ({ ...each })) : freshCusums();
    this.#tests = state?.tests ?? null;
    if (this.#tests !== null) this.#frozen = this.#freeze(this.#tests);
  }

  toJSON(): ShiftState {
    return {
      reference: this.#reference.toJSON(),
      today: this.#today.toJSON(),
      daily: [...this.#daily],
      days: this.#days,
      sum_today: this.#sumToday,
      rhythm: this.#rhythm?.toJSON() ?? null,
      cusums: this.#cusums.map((each) => ({ ...each })),
      tests: this.#tests,
    };
  }

  /** Calls in the reference. */
  get known(): number {
    return this.#reference.total;
  }

  /** Whether calls are judged: there is enough to compare with. */
  get judges(): boolean {
    return this.#frozen !== null;
  }

  /** Where sizes usually lie (logarithms); null before there is enough to say. */
  get usual(): { low: number; high: number; deviation: number } | null {
    return this.#frozen;
  }

  /**
   * Where a size (a logarithm) stands among those of the reference, as a standard normal value within ±3;
   * null before there is enough to say.
   */
  score(logarithm: number, at: number): number | null {
    return this.#frozen?.table.score(binOf(logarithm - (this.#rhythm?.offset(at) ?? 0))) ?? null;
  }

  /** The mean of the reference (a logarithm); null before there is one. */
  get mean(): number | null {
    return this.#frozen?.mean ?? null;
  }

  /** Adds a call's size (a logarithm); tells a shift when it is sure. `judged`: false for history. */
  observe(logarithm: number, at: number, judged = true): Shift | null {
    this.#rhythm?.add(logarithm, at);
    const size = logarithm - (this.#rhythm?.offset(at) ?? 0);
    const bin = binOf(size);
    this.#today.add(bin);
    this.#sumToday += size;
    const frozen = this.#frozen;
    if (frozen === null || !judged) return null;
    let found: Shift | null = null;
    for (let index = 0; index < references.length; index++) {
      const cusum = this.#cusums[index]!;
      const score = frozen.table.score(bin - frozen.absorbed[index]!);
      if (cusum.count === 0) cusum.total = 0;
      cusum.total += size;
      const sum = addScore(cusum, score, references[index]!, at);
      if (sum <= frozen.heights[index]!) continue;
      const factor = Math.exp(cusum.total / cusum.count - frozen.mean);
      // What is sure and small is not worth a word.
      if (Math.log(factor) < leastTolerance) continue;
      if (found === null || cusum.since < found.since) {
        found = { since: cusum.since, calls: cusum.count, factor };
      }
    }
    if (found !== null) this.#cusums = freshCusums();
    return found;
  }

  /**
   * Ends a day: it becomes part of the reference, unless it is set apart because of an alarm. `tests`:
   * how many quantities of the group are watched, which share the false alarms among them.
   */
  endDay(setApart: boolean, tests: number): void {
    const calls = this.#today.total;
    this.#rhythm?.endDay(1 - 1 / referenceDays);
    if (!setApart) {
      this.#reference.fade(1 - 1 / referenceDays);
      this.#reference.merge(this.#today);
      this.#days = Math.min(referenceDays, this.#days * (1 - 1 / referenceDays) + 1);
      if (calls > 0) {
        this.#daily.push({ mean: this.#sumToday / calls, calls });
        if (this.#daily.length > mostDailyMeans) this.#daily.shift();
      }
      this.#tests = tests;
      this.#frozen = this.#freeze(tests);
    }
    this.#today.clear();
    this.#sumToday = 0;
  }

  #freeze(tests: number): Frozen | null {
    const reference = this.#reference;
    if (reference.total < leastReference) return null;
    const deviation = Math.max((reference.quantile(0.84) - reference.quantile(0.16)) / 2, binWidth);
    const tolerance = Math.max(leastTolerance, 2 * this.#ownDrift(deviation));
    const perDay = Math.max(reference.total / this.#days, 1);
    const related = this.#rhythm === null ? dependence.fewValued : dependence.sizes;
    const run = perDay * averageRunDays * related * references.length * tests;
    return {
      table: new ScoreTable(reference, clip),
      mean: meanOf(reference),
      low: reference.quantile(0.02),
      high: reference.quantile(0.98),
      deviation,
      absorbed: references.map((k) =>
        Math.round(Math.max(0, tolerance - (k * deviation) / 2) / binWidth),
      ),
      heights: references.map((k, index) =>
        Math.max(leastHeights[index]!, siegmundThreshold(k, run)),
      ),
    };
  }

  /** How far days differ from each other beyond what the number of their calls explains. */
  #ownDrift(deviation: number): number {
    const days = this.#daily.filter(({ calls }) => calls >= 5);
    if (days.length < 4) return 0.1;
    const mean = days.reduce((sum, day) => sum + day.mean, 0) / days.length;
    const variance = days.reduce((sum, day) => sum + (day.mean - mean) ** 2, 0) / (days.length - 1);
    const explained =
      days.reduce((sum, { calls }) => sum + deviation ** 2 / calls, 0) / days.length;
    return Math.sqrt(Math.max(0, variance - explained));
  }
}

const freshCusums = () => references.map(() => ({ ...newCusum(), total: 0 }));

interface Frozen {
  table: ScoreTable;
  /** Of the sizes' logarithms. */
  mean: number;
  low: number;
  high: number;
  deviation: number;
  /** By reference: bins that a size is taken down by, so that tolerated shifts do not add up. */
  absorbed: number[];
  heights: number[];
}

function meanOf(histogram: LogHistogram): number {
  let sum = 0;
  for (const [bin, weight] of histogram.sorted()) sum += (bin + 0.5) * binWidth * weight;
  return sum / histogram.total;
}
