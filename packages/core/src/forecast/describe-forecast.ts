import { displayUsd as usd } from '../whatif/display-usd.js';
import type { Forecast } from './month-forecast.js';
import { leastDays } from './project-spend.js';

/** What is to be said of a forecast first. */
export function describeForecast({
  month,
  total,
  rows,
  by,
  before_begins: begins,
}: Pick<Forecast, 'month' | 'total' | 'rows' | 'by' | 'before_begins'>): string {
  const name = monthName(month);
  const { forecast_usd: end, interval_80: interval, spent_usd: spent, basis } = total;
  if (basis === 'over') return `${name} is over: it took ${usd(spent)}${beside(total.change)}.`;
  if (end === null || interval === null) {
    return `Nothing can be said of ${name}: there is no call with a known cost in the half year before.`;
  }
  if (basis === 'stopped') {
    return `${name} stands at ${usd(spent)} and is expected to stay there: nothing was spent in the last days.`;
  }
  const sentences = [
    `${name} will take about ${usd(end)} (80 %: ${usd(interval.low_usd)} to ${usd(interval.high_usd)}), of which ${usd(spent)} is spent${beside(total.change)}.`,
  ];
  if (basis === 'run_rate') {
    sentences.push(
      `This rests on ${days(total.days)} and is hardly more than the rate so far: a pattern needs ${days(leastDays - total.days)} more.`,
    );
  }
  if (begins !== null) {
    sentences.push(`The first call is of ${dayName(begins)}: no whole month to compare with.`);
  }
  const [largest] = rows;
  if (largest !== undefined && rows.length > 1 && Number(end) > 0) {
    const share = Math.round((Number(largest.forecast_usd ?? 0) / Number(end)) * 100);
    const values = by.map((dimension) => largest.group[dimension] ?? '(unattributed)').join(', ');
    sentences.push(
      `The largest part is ${values}: ${usd(largest.forecast_usd ?? '0')}, ${share} %.`,
    );
  }
  return sentences.join(' ');
}

const days = (count: number) => `${count} whole ${count === 1 ? 'day' : 'days'}`;

function beside(change: number | null): string {
  if (change === null) return '';
  const percent = Math.round(change * 100);
  if (percent === 0) return ', as much as the month before';
  if (change > 9) return `, ${Math.round(change + 1)} times the month before`;
  return `, ${Math.abs(percent)} % ${change > 0 ? 'more' : 'less'} than the month before`;
}

const names =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

function monthName(month: string): string {
  return `${names[Number(month.slice(5)) - 1]} ${month.slice(0, 4)}`;
}

const dayName = (day: string) =>
  `${Number(day.slice(8, 10))} ${names[Number(day.slice(5, 7)) - 1]}`;
