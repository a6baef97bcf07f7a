import type { Picodollars } from '../money.js';
import { addToRun, newRunSum, type RunSum } from './run-sum.js';
import {
  isSame,
  periodsOf,
  recentOf,
  runsOf,
  stateOfPeriods,
  stateOfRecent,
  stateOfRuns,
  type SpendRows,
  type SpendState,
} from './spend-state.js';
import { changeDimensions, type ChangeDimension, type WatchedCall } from './watched-call.js';

/** Calls added up. */
export interface SpendSum {
  calls: number;
  /** Those of the calls whose cost is known, and what they cost. */
  priced: number;
  cost: Picodollars;
  input: number;
  output: number;
}

/** One of the last calls. */
export interface RecentCall {
  id: string;
  at: number;
  cost: Picodollars | null;
  input: number;
  output: number;
  run: string | null;
  provider: string;
  model: string;
  values: WatchedCall['values'];
}

/** Calls of an hour or a day. */
export interface Period extends SpendSum {
  /** Hours or days since 1970. */
  index: number;
}

interface ValueCount {
  value: string;
  calls: number;
  /** Its first call, milliseconds since 1970. */
  first: number;
}

export const hourLength = 3_600_000;
export const dayLength = 24 * hourLength;
const mostHours = 49;
const mostDays = 17;
const mostRecent = 40;
const mostRuns = 32;
const mostValues = 12;
/** Above so many calls the counts of values before are halved: what was long ago fades. */
const fadeAbove = 2_000;
/** Of a mean that is told to people. */
const leastNormal = 10;

/**
 * What a group of calls has spent lately: exact sums by hour of two days and by day of two weeks, its last
 * calls, and how often which values of tags stood in those before.
 */
export class SpendRecord {
  readonly #hours: Period[];
  readonly #days: Period[];
  readonly #recent: RecentCall[];
  readonly #before = new Map<ChangeDimension, ValueCount[]>();
  readonly #runs: Map<string, RunSum>;
  #first: number | null;

  constructor(state?: SpendState | SpendRows) {
    this.#hours = periodsOf(state?.hours ?? []);
    this.#days = periodsOf(state?.days ?? []);
    this.#recent = recentOf(state?.recent ?? []);
    for (const dimension of changeDimensions) {
      const counts = state?.before[dimension];
      if (counts === undefined) continue;
      const known = counts.map(([value, calls, first]) => ({ value, calls, first }));
      this.#before.set(dimension, known);
    }
    this.#runs = runsOf(state?.runs ?? []);
    this.#first = state?.first ?? null;
  }

  toJSON(): SpendState {
    return {
      first: this.#first,
      hours: stateOfPeriods(this.#hours),
      days: stateOfPeriods(this.#days),
      recent: stateOfRecent(this.#recent),
      before: Object.fromEntries(
        [...this.#before].map(([dimension, counts]) => [
          dimension,
          counts.map(({ value, calls, first }) => [value, calls, first]),
        ]),
      ),
      runs: stateOfRuns(this.#runs),
    };
  }

  /** The last calls, oldest first. */
  get recent(): readonly RecentCall[] {
    return this.#recent;
  }

  /** Adds a call that began at `at` (milliseconds since 1970). */
  add(call: WatchedCall, at: number): void {
    const { observed, cost } = call;
    const { tokens } = observed;
    const input = tokens.uncached + tokens.cache_read + tokens.cache_write;
    this.#first = Math.min(this.#first ?? at, at);
    for (const [periods, length, most] of [
      [this.#hours, hourLength, mostHours],
      [this.#days, dayLength, mostDays],
    ] as const) {
      const period = periodAt(periods, Math.floor(at / length), most);
      if (period === null) continue;
      period.calls += 1;
      period.input += input;
      period.output += tokens.output;
      if (cost === null) continue;
      period.priced += 1;
      period.cost += cost;
    }
    this.#addRun(call, at);
    const { run } = observed;
    const { id } = call;
    const { output } = tokens;
    const { provider, model, values } = this.#alike(call);
    this.#recent.push({ id, at, cost, input, output, run, provider, model, values });
    if (this.#recent.length > mostRecent) this.#forget(this.#recent.shift()!);
  }

  /** A run of which something is known; null for others. */
  run(id: string): Readonly<RunSum> | null {
    return this.#runs.get(id) ?? null;
  }

  /** What a call was like before a time: the days before its day, or, while those are few, also its hours. */
  normal(before: number): SpendSum | null {
    const day = Math.floor(before / dayLength);
    const days = sumOf(this.#days, ({ index }) => index < day && index >= day - 14);
    if (days.priced >= 3 * leastNormal) return days;
    const hour = Math.floor(before / hourLength);
    const hours = sumOf(this.#hours, ({ index }) => index < hour && index >= day * 24);
    const both = addSums(days, hours);
    if (both.priced >= leastNormal) return both;
    // A group that is younger than an hour: its last calls.
    const calls = addSums(sumOfCalls(this.#recent.filter(({ at }) => at < before)), days);
    return calls.priced >= leastNormal ? calls : null;
  }

  /** Everything since a time; where that is longer ago than the last calls, from the beginning of its hour or day. */
  since(time: number): SpendSum {
    const [oldest] = this.#recent;
    if (oldest === undefined || oldest.at <= time || this.#recent.length < mostRecent) {
      return sumOfCalls(this.callsSince(time));
    }
    const hour = Math.floor(time / hourLength);
    const [firstHour] = this.#hours;
    if (firstHour !== undefined && firstHour.index <= hour) {
      return sumOf(this.#hours, ({ index }) => index >= hour);
    }
    const day = Math.floor(time / dayLength);
    return sumOf(this.#days, ({ index }) => index >= day);
  }

  callsSince(time: number): RecentCall[] {
    return this.#recent.filter(({ at }) => at >= time);
  }

  /** Calls in an hour, at the pace of the last one. */
  callsPerHour(now: number): number {
    const hour = Math.floor(now / hourLength);
    const passed = (now % hourLength) / hourLength;
    const of = (index: number) => this.#hours.find((each) => each.index === index)?.calls ?? 0;
    const known = now - (this.#first ?? now);
    if (known < hourLength) {
      // At least ten minutes: two calls within a second are no pace.
      return ((of(hour) + of(hour - 1)) * hourLength) / Math.max(known, hourLength / 6);
    }
    return of(hour) + of(hour - 1) * (1 - passed);
  }

  /** Calls to come until a time, by those of the last day at the same hours, or by the pace of the last hour. */
  callsUntil(until: number, now: number): number {
    if (until <= now) return 0;
    if (now - (this.#first ?? now) < dayLength) {
      return (this.callsPerHour(now) * (until - now)) / hourLength;
    }
    const wholeDays = Math.floor((until - now) / dayLength);
    const rest = until - now - wholeDays * dayLength;
    return wholeDays * this.#callsPerDay(now) + this.#callsBetween(now - dayLength, rest);
  }

  /** How often the calls before a time had which values; the commonest first. */
  valuesBefore(dimension: ChangeDimension, time: number): { value: string; calls: number }[] {
    const counts = new Map<string, number>();
    for (const { value, calls } of this.#before.get(dimension) ?? []) counts.set(value, calls);
    for (const { at, values } of this.#recent) {
      const value = values[dimension];
      if (at < time && value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts]
      .map(([value, calls]) => ({ value, calls }))
      .filter(({ calls }) => calls > 0)
      .sort((a, b) => b.calls - a.calls);
  }

  /** The first call with a value that is known of; null where none is. */
  firstWith(dimension: ChangeDimension, value: string): number | null {
    const known = this.#before.get(dimension)?.find((count) => count.value === value);
    return (
      known?.first ?? this.#recent.find(({ values }) => values[dimension] === value)?.at ?? null
    );
  }

  #callsPerDay(now: number): number {
    const today = Math.floor(now / dayLength);
    const days = this.#days.filter(({ index }) => index < today && index >= today - 7);
    if (days.length === 0) return this.callsPerHour(now) * 24;
    // Of its first day it has only a part.
    const since = Math.max(this.#first! / dayLength, today - 7);
    return days.reduce((sum, { calls }) => sum + calls, 0) / (today - since);
  }

  #callsBetween(from: number, length: number): number {
    let calls = 0;
    for (const { index, calls: ofHour } of this.#hours) {
      const start = Math.max(index * hourLength, from);
      const end = Math.min((index + 1) * hourLength, from + length);
      if (end > start) calls += (ofHour * (end - start)) / hourLength;
    }
    return calls;
  }

  /** Most calls have the values of the one before: texts are then held once. */
  #alike(call: WatchedCall): Pick<RecentCall, 'provider' | 'model' | 'values'> {
    const last = this.#recent.at(-1);
    if (last === undefined || last.provider !== call.provider || last.model !== call.model) {
      return call;
    }
    return isSame(last.values, call.values) ? last : { ...last, values: call.values };
  }

  #addRun({ observed, cost }: WatchedCall, at: number): void {
    if (observed.run === null) return;
    const sum = this.#runs.get(observed.run) ?? newRunSum(at);
    // Last in the map is the one that called last.
    this.#runs.delete(observed.run);
    this.#runs.set(observed.run, sum);
    addToRun(sum, at, cost);
    if (this.#runs.size > mostRuns) this.#runs.delete(this.#runs.keys().next().value!);
  }

  /** A call leaves the last ones: its values count among those before. */
  #forget({ at, values }: RecentCall): void {
    for (const dimension of changeDimensions) {
      const value = values[dimension];
      if (value === undefined) continue;
      let counts = this.#before.get(dimension);
      if (counts === undefined) this.#before.set(dimension, (counts = []));
      const known = counts.find((count) => count.value === value);
      if (known !== undefined) known.calls += 1;
      else if (counts.length < mostValues) counts.push({ value, calls: 1, first: at });
      else {
        const rarest = counts.reduce((a, b) => (b.calls < a.calls ? b : a));
        counts[counts.indexOf(rarest)] = { value, calls: 1, first: at };
      }
      if (counts.reduce((sum, { calls }) => sum + calls, 0) <= fadeAbove) continue;
      for (const count of counts) count.calls /= 2;
    }
  }
}

/** The period of a time, in its place; null where it is too long ago. */
function periodAt(periods: Period[], index: number, most: number): Period | null {
  let place = periods.length;
  while (place > 0 && periods[place - 1]!.index > index) place -= 1;
  const found = periods[place - 1];
  if (found?.index === index) return found;
  if (place === 0 && periods.length >= most) return null;
  const period: Period = { index, calls: 0, priced: 0, cost: 0n, input: 0, output: 0 };
  periods.splice(place, 0, period);
  if (periods.length > most) periods.shift();
  return period;
}

const noCalls = (): SpendSum => ({ calls: 0, priced: 0, cost: 0n, input: 0, output: 0 });

export function addSums(a: SpendSum, b: SpendSum): SpendSum {
  return {
    calls: a.calls + b.calls,
    priced: a.priced + b.priced,
    cost: a.cost + b.cost,
    input: a.input + b.input,
    output: a.output + b.output,
  };
}

function sumOf(periods: readonly Period[], counts: (period: Period) => boolean): SpendSum {
  return periods.filter(counts).reduce<SpendSum>(addSums, noCalls());
}

function sumOfCalls(calls: readonly RecentCall[]): SpendSum {
  const sum = noCalls();
  for (const { cost, input, output } of calls) {
    sum.calls += 1;
    sum.input += input;
    sum.output += output;
    if (cost === null) continue;
    sum.priced += 1;
    sum.cost += cost;
  }
  return sum;
}
