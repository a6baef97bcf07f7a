import { SeriesDetector } from '@farthing/core';
import type { Series } from './corpus.js';

const day = 86_400_000;
/** What is sampled more seldom has no time of day. */
const seldom = day / 12;

/** How often a day a series is sampled: by the median of its first 200 steps, so that gaps do not count. */
export function samplesPerDay({ times }: Series): number {
  const steps = times
    .slice(1, 201)
    .map((time, index) => time - times[index]!)
    .toSorted((a, b) => a - b);
  const step = steps[Math.floor(steps.length / 2)]!;
  return step > seldom ? 1 : day / step;
}

/** Our detector's score of each point, told one after the other. */
export function ourScores(series: Series): number[] {
  const detector = new SeriesDetector(samplesPerDay(series));
  return series.values.map((value, index) => detector.observe(value, series.times[index]!).news);
}
