import { sumOf } from '../../packages/core/src/forecast/series.js';
import type { DailySpend } from './series.js';

/** One forecast to make: what was known, what came, and what simpler rules would have said. */
export interface Case {
  /** Whole days, oldest first, half a year at most. */
  known: number[];
  /** Weekday of the first, 0 is Monday. */
  phase: number;
  /** Days to forecast, and what they took. */
  steps: number;
  rest: number;
  /** What the period had taken before; errors are seen against the whole period. */
  spent: number;
  /** What others would say of the rest. */
  naive: Record<string, number>;
}

export interface MonthCase extends Case {
  month: string;
  day: number;
}

const millisecondsOfDay = 86_400_000;
const history = 182;

/** What the next seven days take, at most to the end of the series, after `from` to before `to` days. */
export function weekEnds(values: readonly number[], from: number, to: number): Case[] {
  const cases: Case[] = [];
  for (let today = from; today < to; today++) {
    const known = values.slice(0, today);
    // Of what was never seen nobody can say anything.
    if (sumOf(known) === 0) continue;
    const steps = Math.min(7, values.length - today);
    cases.push({
      known,
      phase: 0,
      steps,
      rest: sumOf(values.slice(today, today + steps)),
      spent: 0,
      naive: { 'same as last week': lastWeek(known, steps), 'run-rate': rate(known, steps) },
    });
  }
  return cases;
}

/** Month-ends, from the 2nd to the 28th of every month; `first` is the date of the first value. */
export function monthEnds(
  { values, weekday }: DailySpend,
  first: string,
  from: string,
  to: string,
): MonthCase[] {
  const at = (moment: number) => (moment - Date.parse(first)) / millisecondsOfDay;
  const cases: MonthCase[] = [];
  for (let month = from; month <= to; month = after(month)) {
    const begins = at(Date.parse(month));
    const ends = at(Date.parse(after(month)));
    const before = at(Date.parse(`${new Date(Date.parse(month) - 1).toISOString().slice(0, 7)}`));
    for (let day = 2; day <= 28; day++) {
      const today = begins + day - 1;
      const start = Math.max(0, today - history);
      const steps = ends - today;
      const known = values.slice(start, today);
      const [spent, last] = [values.slice(begins, today), values.slice(before, begins)];
      cases.push({
        month,
        day,
        known,
        phase: (weekday + start) % 7,
        steps,
        rest: sumOf(values.slice(today, ends)),
        spent: sumOf(spent),
        naive: {
          'same as last month': rate(last, steps),
          'same as last week': lastWeek(known, steps),
          'run-rate': rate(spent, steps),
        },
      });
    }
  }
  return cases;
}

function lastWeek(known: readonly number[], steps: number): number {
  const week = known.slice(-7);
  return sumOf(Array.from({ length: steps }, (_, step) => week[step % week.length]!));
}

function rate(days: readonly number[], steps: number): number {
  return (sumOf(days) / days.length) * steps;
}

function after(month: string): string {
  const [year, index] = month.split('-').map(Number);
  return new Date(Date.UTC(year!, index!)).toISOString().slice(0, 7);
}
