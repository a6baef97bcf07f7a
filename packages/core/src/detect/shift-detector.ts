import { addScore, newCusum, siegmundThreshold, type Cusum } from './cusum.js';
import { DailyRhythm, type RhythmState } from './daily-rhythm.js';
import { binOf, binWidth, LogHistogram, type HistogramState } from './log-histogram.js';
import { likelihoodRatios, normalScores, noveltyOf, type RankTable } from './rank-table.js';

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
/** References against which sums of scores run: a small one for small shifts, a large one for large. */
const references = [0.25, 0.5, 1] as const;
/** Sums below these are reached by two or three large calls. */
const leastHeights = [8, 8, 2.5 * clip - 0.01] as const;
/** Shifts below 15 % are nobody's concern. */
const leastTolerance = Math.log(1.15);
/** One false alarm in so many days of the group's calls, all of its tests together. */
const averageRunDays = 120;
/** Sizes of calls are not independent: neighbours resemble each other, and days drift. */
const dependence = 8;
/**
 * How far days may differ for reasons of their own, in standard deviations of the days before; and what that is
 * taken for while there are few days, as if so many had been seen.
 */
const driftSureness = 3;
const usualDrift = 0.05;
const usualDriftDays = 4;
/** What has few values moves to the largest of so many, or beyond all of them. */
const largestOf = [3, 10] as const;
export const leastReference = 30;
/** How fast the reference forgets: it stands for about so many days. */
export const referenceDays = 14;
const mostDailyMeans = 14;

/** A sum of what calls count for, and of their sizes (logarithms) in the meantime. */
export type Line = Cusum & { total: number };

/** What the detector knows between calls; plain values, so that it can be kept on disk. */
export interface ShiftState {
  reference: HistogramState;
  today: HistogramState;
  /** Mean size and calls of the last days, in turn. */
  daily: number[];
  days: number;
  sum_today: number;
  rhythm: RhythmState | null;
  /** Of each line, or null where its sum is nothing: sum, calls, since when, sum of sizes. */
  lines: ([number, number, number, number] | null)[];
  /** How many quantities shared the false alarms when the reference was last frozen; null before. */
  tests: number | null;
}

/** `sizes` vary from call to call and by the hour; prices and shares have `few_values`. */
export type ShiftScale = 'sizes' | 'few_values';

/**
 * Finds lasting shifts of one quantity of one group. Each call's size counts by its rank in a reference of the
 * last two weeks that does not move during the day: sizes as normal scores above a tolerance, few values
 * as likelihood ratios. Sums (CUSUM) alarm at heights that make false alarms rare by calculation. Days
 * with an alarm do not enter the reference, so that what is wrong does not become what is normal.
 */
export class ShiftDetector {
  readonly #scale: ShiftScale;
  readonly #reference: LogHistogram;
  readonly #today: LogHistogram;
  readonly #daily: number[];
  #days: number;
  readonly #rhythm: DailyRhythm | null;
  #sumToday: number;
  /** None before there is something to judge by: many groups never have that. */
  #lines: Line[];
  #tests: number | null;
  #frozen: Frozen | null = null;

  constructor(scale: ShiftScale = 'sizes', state?: ShiftState) {
    this.#scale = scale;
    this.#reference = state ? LogHistogram.fromJSON(state.reference) : new LogHistogram();
    this.#today = state ? LogHistogram.fromJSON(state.today) : new LogHistogram();
    this.#daily = [...(state?.daily ?? [])];
    this.#days = state?.days ?? 0;
    this.#rhythm = scale === 'sizes' ? new DailyRhythm(state?.rhythm ?? undefined) : null;
    this.#sumToday = state?.sum_today ?? 0;
    this.#lines = (state?.lines ?? []).map((line) => {
      const [sum, count, since, total] = line ?? [0, 0, 0, 0];
      return { sum, count, since, total };
    });
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
      lines: this.#lines.map(({ sum, count, since, total }) =>
        count === 0 ? null : [sum, count, since, total],
      ),
      tests: this.#tests,
    };
  }

  /** Where sizes usually lie (logarithms); null before there is enough to say. */
  get usual(): Usual | null {
    return this.#frozen;
  }

  /** A size (a logarithm) without what its hour usually adds. */
  withoutRhythm(logarithm: number, at: number): number {
    return logarithm - (this.#rhythm?.offset(at) ?? 0);
  }

  /**
   * Where a size (a logarithm) stands among those of the reference, as a standard normal value within ±3;
   * null before there is enough to say.
   */
  score(logarithm: number, at: number): number | null {
    return this.#frozen?.scores.at(binOf(this.withoutRhythm(logarithm, at))) ?? null;
  }

  /** Adds a call's size (a logarithm); tells a shift when it is sure. `judged`: false for history. */
  observe(logarithm: number, at: number, judged = true): Shift | null {
    const size = this.withoutRhythm(logarithm, at);
    this.#rhythm?.add(logarithm, at);
    const bin = binOf(size);
    this.#today.add(bin);
    this.#sumToday += size;
    const frozen = this.#frozen;
    if (frozen === null || !judged) return null;
    if (this.#lines.length === 0) this.#lines = freshLines();
    let found: Shift | null = null;
    for (let index = 0; index < this.#lines.length; index++) {
      const line = this.#lines[index]!;
      const { table, absorbed, k, height } = frozen.lines[index]!;
      if (line.count === 0) line.total = 0;
      const sum = addScore(line, table.at(bin - absorbed), k, at);
      if (sum === 0) continue;
      line.total += size;
      if (sum <= height) continue;
      const growth = line.total / line.count - frozen.mean;
      // What is sure and small is not worth a word.
      if (growth < frozen.least) continue;
      if (found === null || line.since < found.since) {
        found = { since: line.since, calls: line.count, factor: Math.exp(growth) };
      }
    }
    if (found !== null) this.#lines = freshLines();
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
        this.#daily.push(rounded(this.#sumToday / calls), calls);
        if (this.#daily.length > 2 * mostDailyMeans) this.#daily.splice(0, 2);
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
    const drift = this.#ownDrift(deviation);
    const tolerance = Math.max(leastTolerance, 2 * drift);
    const run = Math.max(reference.total / this.#days, 1) * averageRunDays * tests;
    const scores = normalScores(reference, clip);
    return {
      scores,
      mean: reference.mean(),
      low: reference.quantile(0.02),
      high: reference.quantile(0.98),
      deviation,
      least: leastTolerance + driftSureness * drift,
      lines:
        this.#scale === 'sizes'
          ? sizeLines(scores, deviation, tolerance, run)
          : valueLines(reference, run),
    };
  }

  /** How far days differ from each other beyond what the number of their calls explains. */
  #ownDrift(deviation: number): number {
    if (this.#scale === 'few_values') return 0;
    const days: { mean: number; calls: number }[] = [];
    for (let index = 0; index < this.#daily.length; index += 2) {
      const calls = this.#daily[index + 1]!;
      if (calls >= 5) days.push({ mean: this.#daily[index]!, calls });
    }
    const known = Math.max(0, days.length - 1);
    const mean = days.reduce((sum, day) => sum + day.mean, 0) / Math.max(1, days.length);
    const squares = days.reduce((sum, day) => sum + (day.mean - mean) ** 2, 0);
    const explained = days.reduce((sum, { calls }) => sum + deviation ** 2 / calls, 0);
    const own = Math.max(0, squares - (explained * known) / Math.max(1, days.length));
    return Math.sqrt((own + usualDriftDays * usualDrift ** 2) / (known + usualDriftDays));
  }
}

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

const freshLines = (): Line[] => references.map(() => ({ ...newCusum(), total: 0 }));

/** Heights are Siegmund's for an average run of so many independent scores. */
function sizeLines(
  scores: RankTable,
  deviation: number,
  tolerance: number,
  run: number,
): FrozenLine[] {
  return references.map((k, index) => ({
    table: scores,
    k,
    // The reference value tolerates half of itself already.
    absorbed: Math.round(Math.max(0, tolerance - (k * deviation) / 2) / binWidth),
    height: Math.max(
      leastHeights[index]!,
      siegmundThreshold(k, run * dependence * references.length),
    ),
  }));
}

/** A sum of log likelihood ratios stays below ln(run) for an average run so long at least (G. Lorden, 1971). */
function valueLines(reference: LogHistogram, run: number): FrozenLine[] {
  const beyondAll = 10 / noveltyOf(reference);
  return [...largestOf, beyondAll].map((most) => {
    const table = likelihoodRatios(reference, most, Math.round(leastTolerance / binWidth));
    return {
      table,
      k: 0,
      absorbed: 0,
      // Two calls are not enough, whatever they are.
      height: Math.max(Math.log(run), 2 * table.at(Infinity) + 0.01),
    };
  });
}

/** Where sizes usually lie: logarithms. */
export interface Usual {
  mean: number;
  low: number;
  high: number;
  deviation: number;
}

interface Frozen extends Usual {
  scores: RankTable;
  /** What a shift must amount to. */
  least: number;
  lines: FrozenLine[];
}

interface FrozenLine {
  table: RankTable;
  k: number;
  /** Bins that a size is taken down by, so that tolerated shifts do not add up. */
  absorbed: number;
  height: number;
}
