import { placeOf, sumOf, type Series } from './series.js';

/** The simple forecasts that are mixed; see {@link simpleForecasts}. */
export const simpleForecastNames = [
  'level_fast',
  'level_middle',
  'level_slow',
  'damped_trend',
  'last_season',
  'last_season_growing',
] as const;
export type SimpleForecastName = (typeof simpleForecastNames)[number];

/** After so many seasons a level has forgotten half: 1.4, 3.5 and 10.5 days. */
const halfLives = [0.2, 0.5, 1.5] as const;

/** A trend counts this much less for each seventh of a season that it goes on: half is gone after a week of days. */
const damping = 0.9;

/** What a trend or a growth makes of a level at most, and its inverse at least. */
const strongest = 2;

/** Growth from one season to the next goes on at less than its full ratio. */
const growthPower = 0.65;

/**
 * What each simple forecast says of the steps to come, whole ones (the running step, where there is one,
 * as if it began now): three levels that forget at different speed, a damped trend, "as last season", and
 * "as last season" times the growth seen since the one before.
 *
 * @param series without spikes
 * @param factors those of its season
 */
export function simpleForecasts(
  series: Series,
  factors: readonly number[],
  steps: number,
): number[][] {
  const { values, season } = series;
  const count = values.length;
  const levels = halfLives.map((halfLife) => levelOf(series, factors, halfLife * season));
  const ahead = Array.from({ length: steps }, (_, step) => factors[placeOf(series, count + step)]!);
  const last = ahead.map((factor, step) =>
    count >= season ? values[count - season + (step % season)]! : levels[1]! * factor,
  );
  const growth = growthOf(values, season) ** growthPower;
  return [
    ...levels.map((level) => ahead.map((factor) => level * factor)),
    trendOf(levels[1]!, levels[2]!, season, ahead),
    last,
    last.map((value) => value * growth),
  ];
}

/** What a step of factor 1 takes, older steps counting less and less. */
function levelOf(series: Series, factors: readonly number[], halfLife: number): number {
  const { values, running } = series;
  const keep = 0.5 ** (1 / halfLife);
  let [taken, usual] = [0, 0];
  for (let index = 0; index < values.length; index++) {
    taken = taken * keep + values[index]!;
    usual = usual * keep + factors[placeOf(series, index)]!;
  }
  if (running !== undefined && running.elapsed > 0) {
    const fade = keep ** running.elapsed;
    taken = taken * fade + running.value;
    usual = usual * fade + factors[placeOf(series, values.length)]! * running.elapsed;
  }
  return usual > 0 ? taken / usual : 0;
}

/** From the level that forgets slowly to the one that forgets faster, and on, ever less. */
function trendOf(
  level: number,
  earlier: number,
  season: number,
  factors: readonly number[],
): number[] {
  const apart = ((halfLives[2] - halfLives[1]) * season) / Math.LN2;
  const slope = (level - earlier) / apart;
  let grown = 0;
  return factors.map((factor, step) => {
    grown += slope * damping ** (((step + 1) * 7) / season);
    return factor * Math.min(level * strongest, Math.max(level / strongest, level + grown));
  });
}

/** The last season beside the same steps of the one before; 1 where there are none. */
function growthOf(values: readonly number[], season: number): number {
  const since = Math.max(season, values.length - season);
  const now = sumOf(values.slice(since));
  const before = sumOf(values.slice(since - season, values.length - season));
  if (values.length <= season || !(now > 0 && before > 0)) return 1;
  return Math.min(strongest, Math.max(1 / strongest, now / before));
}
