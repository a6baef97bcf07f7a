import { studentFromNormal } from '../drift/student.js';
import { backTest } from './back-test.js';
import { clipRunning, clipSpikes } from './clip-spikes.js';
import { mixForecasts } from './mix.js';
import { seasonFactors } from './season-factors.js';
import { sumOf, type Series } from './series.js';
import {
  simpleForecastNames,
  simpleForecasts,
  type SimpleForecastName,
} from './simple-forecasts.js';

/** Normal quantiles of two-sided intervals. */
const normalQuantiles = { 80: 1.2815515655446004, 95: 1.959963984540054 } as const;

/** In per cent: so often the truth should lie in the interval. */
export type Confidence = keyof typeof normalQuantiles;

export interface Interval {
  low: number;
  high: number;
}

/** What the steps to come are expected to take. */
export interface Projection {
  /** By step; of a running step, its rest. */
  path: readonly number[];
  /** The sum of the path from one step (0) to before another (its end). */
  expected(from?: number, to?: number): number;
  /** Where that sum lies. */
  interval(confidence: Confidence, from?: number, to?: number): Interval;
  /** How much each simple forecast counts in the mix; they add up to 1. */
  mix: Record<SimpleForecastName, number>;
  /** How many earlier forecasts of the series the mix and the interval rest on. */
  tested: number;
}

/**
 * Added to both sides where a forecast is compared with what came, as a share of the usual level, so that
 * nothing and next to nothing are not infinitely far from each other.
 */
const offsetShare = 0.1;

/** Less than this share of a step tells no rate; where nothing else tells one, a tenth of it must do. */
const leastElapsed = 0.01;
const leastSeen = (share: number) => Math.max(leastElapsed / 10, share);

/**
 * Forecasts the sum of the next steps of a series, with its uncertainty: simple forecasts mixed by how
 * well each has forecast this very series before, over as many steps, from what was known then (forecast
 * combination; Bates & Granger 1969). The errors of the same comparisons give the interval, lognormal
 * with Student's t. Nothing is random: the same series gives the same forecast.
 */
export function project(series: Series, steps: number): Projection {
  const { values, season } = series;
  const running =
    series.running === undefined ? undefined : tellingPart(series.running, values.length > 0);
  const clipped = clipSpikes(values, season);
  const cleaned: Series = {
    ...series,
    values: clipped,
    ...(running === undefined ? {} : { running: clipRunning(clipped, season, running) }),
  };
  const level =
    (sumOf(clipped) + (cleaned.running?.value ?? 0)) /
    Math.max(clipped.length + (running?.elapsed ?? 0), 1e-9);
  const test = backTest(series, clipped, steps);
  const mix = mixForecasts(test, clipped, offsetShare * level * test.steps);
  const paths = simpleForecasts(cleaned, seasonFactors(clipped, series), steps);
  const path = Array.from({ length: steps }, (_, step) =>
    sumOf(paths.map((one, index) => mix.weights[index]! * one[step]!)),
  );
  if (running !== undefined && steps > 0) path[0] = path[0]! * (1 - (series.running?.elapsed ?? 0));
  const expected = (from = 0, to = steps) => sumOf(path.slice(from, to));
  return {
    path,
    expected,
    interval: (confidence, from = 0, to = steps) => {
      const offset = offsetShare * level * (to - from);
      const middle = expected(from, to) + offset;
      const quantile = studentFromNormal(normalQuantiles[confidence], mix.degrees);
      const factor = Math.exp(quantile * mix.spread);
      return { low: Math.max(0, middle / factor - offset), high: middle * factor - offset };
    },
    mix: Object.fromEntries(
      simpleForecastNames.map((name, index) => [name, mix.weights[index]!]),
    ) as Record<SimpleForecastName, number>,
    tested: test.forecasts.length,
  };
}

/** The first moments of a step say nothing; where nothing else does, they count as more than they are. */
function tellingPart(
  { value, elapsed, seen = elapsed }: NonNullable<Series['running']>,
  othersTell: boolean,
): NonNullable<Series['running']> {
  if (seen >= leastElapsed) return { value, elapsed: seen };
  return othersTell ? { value: 0, elapsed: 0 } : { value, elapsed: leastSeen(seen) };
}
