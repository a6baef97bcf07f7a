import { Episodes, type EpisodesState } from './episodes.js';
import { RollingSample } from './rolling-sample.js';
import { tailSurprise } from './tail-surprise.js';

/** What a value is looked at for; each is compared with what it was before. */
export const seriesFeatures = [
  /** The value. */
  'value',
  /** Its step from the values just before. */
  'step',
  /** What it is beyond the usual value of that time of day. */
  'beyond_time_of_day',
  /** Means of the last values, and of what they are beyond the time of day. */
  'mean',
  'mean_beyond_time_of_day',
  /** How much the last values spread. */
  'spread',
] as const;
export type SeriesFeature = (typeof seriesFeatures)[number];

/** How unusual a value of a series is. */
export interface SeriesScore {
  /** Sum of the surprises of all features, each −ln of a chance; 0 while the series is new. */
  surprise: number;
  /** The same, but 0 for what continues an episode that was as surprising. */
  news: number;
  /** What is most surprising about it. */
  feature: SeriesFeature;
}

/** What the detector knows between values. */
export interface SeriesState {
  samples_per_day: number;
  level: number | null;
  usual: (number | null)[];
  last: number[];
  last_beyond: number[];
  samples: number[][];
  episodes: EpisodesState;
}

const day = 86_400_000;
/** How much of a new value the level, and the usual value of a time of day, take over. */
const levelRate = 0.3;
const usualRate = 0.25;
const shortWindow = 12;
const longWindow = 36;
/** A year of hours. */
const mostKnown = 8_760;
/** No feature is more surprising: chances below one in three million are about the tail's model. */
const mostSurprise = 15;
const largest = 1e100;

/**
 * Judges one evenly sampled series of numbers, value by value, by nothing but its own past: six views of each
 * value, how surprising each is, and their sum (R. A. Fisher's way to combine chances, 1932). There is nothing
 * to set but how often a day it is sampled.
 */
export class SeriesDetector {
  readonly #samplesPerDay: number;
  #level: number | null;
  /** By time of day. */
  readonly #usual: (number | null)[];
  readonly #last: number[];
  readonly #lastBeyond: number[];
  readonly #samples: readonly RollingSample[];
  readonly #episodes: Episodes;

  /** @param samplesPerDay e.g. 24 of an hourly series; 1 for one that has no time of day. */
  constructor(samplesPerDay: number, state?: SeriesState) {
    this.#samplesPerDay = Math.max(1, Math.floor(samplesPerDay));
    this.#level = state?.level ?? null;
    this.#usual = state?.usual.slice() ?? Array.from({ length: this.#samplesPerDay }, () => null);
    this.#last = state?.last.slice() ?? [];
    this.#lastBeyond = state?.last_beyond.slice() ?? [];
    this.#samples = seriesFeatures.map(
      (_, index) => new RollingSample(mostKnown, state?.samples[index]),
    );
    this.#episodes = new Episodes(state?.episodes);
  }

  toJSON(): SeriesState {
    return {
      samples_per_day: this.#samplesPerDay,
      level: this.#level,
      usual: this.#usual.slice(),
      last: this.#last.slice(),
      last_beyond: this.#lastBeyond.slice(),
      samples: this.#samples.map((sample) => sample.toJSON()),
      episodes: this.#episodes.toJSON(),
    };
  }

  static fromJSON(state: SeriesState): SeriesDetector {
    return new SeriesDetector(state.samples_per_day, state);
  }

  /**
   * Adds a value of the time `at` (milliseconds since 1970). What is no number, or one whose square is none
   * (beyond 1e100), is no value: it is left out, and its score is 0.
   */
  observe(value: number, at: number): SeriesScore {
    const score: SeriesScore = { surprise: 0, news: 0, feature: 'value' };
    if (!(Math.abs(value) <= largest)) return score;
    let most = 0;
    for (const [index, feature] of this.#viewsOf(value, at).entries()) {
      const sample = this.#samples[index]!;
      const surprise = Math.min(mostSurprise, tailSurprise(sample, feature));
      sample.add(feature);
      score.surprise += surprise;
      if (surprise <= most) continue;
      most = surprise;
      score.feature = seriesFeatures[index]!;
    }
    score.news = this.#episodes.add(score.surprise);
    return score;
  }

  /** In the order of `seriesFeatures`. */
  #viewsOf(value: number, at: number): number[] {
    const level = this.#level ?? value;
    const slot = Math.floor((((at % day) + day) % day) / (day / this.#samplesPerDay));
    const usual = this.#usual[slot] ?? null;
    const beyond = value - (usual ?? level);
    pushLast(this.#last, value, longWindow);
    pushLast(this.#lastBeyond, beyond, longWindow);
    this.#level = level + levelRate * (value - level);
    this.#usual[slot] = usual === null ? value : usual + usualRate * (value - usual);
    const mean = meanOf(this.#last);
    const square = meanOf(this.#last.map((each) => (each - mean) ** 2));
    return [
      value,
      value - level,
      beyond,
      meanOf(this.#last.slice(-shortWindow)),
      meanOf(this.#lastBeyond),
      // Of values that are all alike the spread is a millionth of them, and at least a picodollar.
      Math.log(Math.sqrt(square) + 1e-6 * Math.abs(mean) + 1e-12),
    ];
  }
}

function pushLast(values: number[], value: number, most: number): void {
  values.push(value);
  if (values.length > most) values.shift();
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
