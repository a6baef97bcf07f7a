import { clipSpikes } from './clip-spikes.js';
import { seasonFactors } from './season-factors.js';
import { sumOf, type Series } from './series.js';
import { simpleForecasts } from './simple-forecasts.js';

/** One forecast that would have been made earlier, and what then came. */
export interface EarlierForecast {
  /** The sum that each simple forecast said, from what was known then. */
  said: number[];
  actual: number;
  /** Later ones count more, and each for those beside it that were left out. */
  weight: number;
}

export interface BackTest {
  forecasts: EarlierForecast[];
  /** Over how many steps each of them went. */
  steps: number;
}

/** More would repeat each other: over the same steps they overlap. */
const mostForecasts = 60;

/** An earlier forecast counts half after so many seasons. */
const memory = 16;

/**
 * Makes the forecast of a series again from earlier steps, over as many steps as are asked for now, or
 * over as many as the series can test. Single spikes are no part of what came.
 */
export function backTest(series: Series, clipped: readonly number[], steps: number): BackTest {
  const { values, season, phase } = series;
  const count = values.length;
  const first = Math.min(season, Math.max(2, Math.floor(count / 3)));
  const ahead = Math.max(1, Math.min(steps, Math.floor((count - first) / 2)));
  const stride = Math.max(1, Math.ceil((count - ahead - first + 1) / mostForecasts));
  const forecasts: EarlierForecast[] = [];
  for (let origin = count - ahead; origin >= first; origin -= stride) {
    const known = clipSpikes(values.slice(0, origin), season);
    const past = { season, phase, values: known };
    forecasts.push({
      said: simpleForecasts(past, seasonFactors(known, past), ahead).map(sumOf),
      actual: sumOf(clipped.slice(origin, origin + ahead)),
      weight: stride * 0.5 ** ((count - ahead - origin) / (memory * season)),
    });
  }
  return { forecasts, steps: ahead };
}
