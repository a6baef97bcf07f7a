import { placeOf, sumOf, type Series } from './series.js';

/** A level that rests on a share of nearly nothing would be a guess. */
const leastFactor = 0.02;

/**
 * How much each place of the season takes beside the mean of all (1). Each value is compared with the
 * mean of the whole season around it, so that a new level is no weekday; and the factors are drawn
 * towards 1 by as much of their variance as chance explains (empirical Bayes, from the variance within
 * the places). Below two whole seasons nothing can be told: all 1.
 */
export function seasonFactors(
  values: readonly number[],
  { season, phase }: Pick<Series, 'season' | 'phase'>,
): number[] {
  const flat = Array.from({ length: season }, () => 1);
  if (values.length < 2 * season) return flat;
  const around = seasonMeans(values, season);
  const places = flat.map(() => ({ taken: 0, around: 0, count: 0 }));
  values.forEach((value, index) => {
    const place = places[placeOf({ season, phase }, index)]!;
    place.taken += value;
    place.around += around[index]!;
    place.count += 1;
  });
  const raw = places.map((place) => (place.around > 0 ? place.taken / place.around : 1));
  const mean = sumOf(raw) / season;
  const between = sumOf(raw.map((factor) => (factor - mean) ** 2)) / (season - 1);
  if (!(mean > 0) || between === 0) return flat;
  const squares = values.map((value, index) => {
    const place = placeOf({ season, phase }, index);
    const size = places[place]!.around / places[place]!.count;
    return size > 0 ? ((value - raw[place]! * around[index]!) / size) ** 2 : 0;
  });
  const within = sumOf(squares) / (values.length - season);
  const byChance = (within * sumOf(places.map(({ count }) => 1 / count))) / season;
  const sure = Math.max(0, 1 - byChance / between);
  const drawn = raw.map((factor) => Math.max(leastFactor, 1 + sure * (factor / mean - 1)));
  const whole = sumOf(drawn) / season;
  return drawn.map((factor) => factor / whole);
}

/** The mean of the season that has each value in its middle, or as near to it as the ends allow. */
function seasonMeans(values: readonly number[], season: number): number[] {
  const sums = [0];
  for (const value of values) sums.push(sums.at(-1)! + value);
  return values.map((_, index) => {
    const middle = Math.max(0, index - Math.floor((season - 1) / 2));
    const from = Math.min(middle, values.length - season);
    return (sums[from + season]! - sums[from]!) / season;
  });
}
