import type { BackTest } from './back-test.js';
import { sumOf, variationOf } from './series.js';
import { simpleForecastNames } from './simple-forecasts.js';

/** How simple forecasts are mixed, and how wrong the mix has been. */
export interface Mix {
  /** Of each simple forecast; they add up to 1. */
  weights: number[];
  /** Standard error of the logarithm of a forecast sum. */
  spread: number;
  /** Degrees of freedom of the spread: earlier forecasts that do not overlap, and the prior's. */
  degrees: number;
}

/** What is supposed of a series before it was ever forecast counts as so many earlier forecasts. */
const priorForecasts = 2;

/**
 * How much more "as last season, growing" counts before there is evidence, in a series that hardly varies
 * (its variation is far below `unsteady`): businesses have weeks, and two of them tell no pattern apart
 * from chance yet.
 */
const seasonalPrior = 6;
const unsteady = 0.4;

/** An error so large that a series of nothing that suddenly takes something is not infinitely wrong. */
const fromNothing = 3;

/**
 * Weighs the simple forecasts by the inverse of their mean squared error in this very series,
 * drawn towards each other while there are few tests; and takes the spread from the errors of the mix.
 * Errors are logarithms of actual ÷ said with `offset` on both sides.
 *
 * @param offset for the sum over as many steps as the tests have
 */
export function mixForecasts(test: BackTest, clipped: readonly number[], offset: number): Mix {
  const { forecasts, steps } = test;
  const total = sumOf(forecasts.map(({ weight }) => weight));
  const squares = simpleForecastNames.map((_, index) =>
    sumOf(
      forecasts.map(
        ({ said, actual, weight }) => weight * logError(actual, said[index]!, offset) ** 2,
      ),
    ),
  );
  const usual = total > 0 ? sumOf(squares) / squares.length / total : 1;
  const steady = 1 / (1 + (variationOf(clipped) / unsteady) ** 4);
  const scores = squares.map((square, index) => {
    const mean = (square + priorForecasts * usual) / (total + priorForecasts);
    const prior =
      simpleForecastNames[index] === 'last_season_growing' ? 1 + seasonalPrior * steady : 1;
    return prior / Math.max(mean, 1e-9);
  });
  const weights = scores.map((score) => score / sumOf(scores));
  // Forecasts over several steps overlap: so many stand on their own.
  const own = total / steps;
  const mixed = sumOf(
    forecasts.map(({ said, actual, weight }) => {
      const mix = sumOf(said.map((one, index) => one * weights[index]!));
      return weight * logError(actual, mix, offset) ** 2;
    }),
  );
  const variance =
    ((total > 0 ? mixed / total : 0) * own + supposedSpread(clipped) ** 2 * priorForecasts) /
    (own + priorForecasts);
  return { weights, spread: Math.sqrt(variance), degrees: own + priorForecasts };
}

/**
 * How wrong forecasts of such a series usually are: by more where its steps differ more, and where there
 * are few of them. The figures are those at which intervals of ServeGen's clients hold (bench:forecast).
 */
function supposedSpread(clipped: readonly number[]): number {
  const few = Math.exp(-clipped.length / 7);
  return Math.min(1.2, 0.15 + 0.5 * variationOf(clipped) + 0.5 * few);
}

function logError(actual: number, said: number, offset: number): number {
  if (offset > 0) return Math.log((actual + offset) / (said + offset));
  return actual > 0 ? fromNothing : 0;
}
