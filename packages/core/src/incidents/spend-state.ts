import { newRunSum, type RunSum } from './run-sum.js';
import type { Period, RecentCall } from './spend-record.js';
import { changeDimensions, type ChangeDimension } from './watched-call.js';

/**
 * What a record of spend is written down as: by columns, times as steps, texts that many calls share once.
 * Amounts are picodollars in decimal.
 */
export interface SpendState {
  first: number | null;
  hours: PeriodColumns;
  days: PeriodColumns;
  recent: RecentColumns;
  before: Partial<Record<ChangeDimension, [value: string, calls: number, first: number][]>>;
  runs: RunRow[];
}

/** Where an earlier Farthing wrote it, without `priced`: all of them; or without what it cost lately. */
type RunRow = [
  run: string,
  calls: number,
  cost: string,
  since: number,
  last: number,
  priced?: number,
  lately?: [slot: number, cost: string, before: string],
];

interface PeriodColumns {
  /** The first one, then what is added to the one before. */
  index: number[];
  calls: number[];
  /** Left out where all calls are. */
  priced?: number[];
  cost: string[];
  input: number[];
  output: number[];
}

interface RecentColumns {
  id: string[];
  /** The first one, then what is added to the one before. */
  at: number[];
  cost: (string | null)[];
  input: number[];
  output: number[];
  /** Places in `runs`; -1 for none. */
  run: number[];
  runs: string[];
  /** Places in `alike`. */
  like: number[];
  alike: Pick<RecentCall, 'provider' | 'model' | 'values'>[];
}

/** As earlier ones were written: a row for each, which is read and no longer written. */
export interface SpendRows extends Omit<SpendState, 'hours' | 'days' | 'recent'> {
  hours: PeriodRow[];
  days: PeriodRow[];
  recent: RecentRow[];
}

type PeriodRow = [
  index: number,
  calls: number,
  priced: number,
  cost: string,
  input: number,
  output: number,
];

type RecentRow = [
  id: string,
  at: number,
  cost: string | null,
  input: number,
  output: number,
  run: string | null,
  provider: string,
  model: string,
  values: RecentCall['values'],
];

export function stateOfPeriods(periods: readonly Period[]): PeriodColumns {
  const columns: PeriodColumns = {
    index: stepsOf(periods.map(({ index }) => index)),
    calls: periods.map(({ calls }) => calls),
    cost: periods.map(({ cost }) => String(cost)),
    input: periods.map(({ input }) => input),
    output: periods.map(({ output }) => output),
  };
  if (periods.some(({ calls, priced }) => calls !== priced)) {
    columns.priced = periods.map(({ priced }) => priced);
  }
  return columns;
}

export function periodsOf(state: PeriodColumns | PeriodRow[]): Period[] {
  if (Array.isArray(state)) {
    return state.map(([index, calls, priced, cost, input, output]) => ({
      index,
      calls,
      priced,
      cost: BigInt(cost),
      input,
      output,
    }));
  }
  const { calls, priced = calls, cost, input, output } = state;
  return timesOf(state.index).map((index, place) => ({
    index,
    calls: calls[place]!,
    priced: priced[place]!,
    cost: BigInt(cost[place]!),
    input: input[place]!,
    output: output[place]!,
  }));
}

export function stateOfRecent(recent: readonly RecentCall[]): RecentColumns {
  const runs = new Map<string, number>();
  const alike: RecentColumns['alike'] = [];
  return {
    id: recent.map(({ id }) => id),
    at: stepsOf(recent.map(({ at }) => at)),
    cost: recent.map(({ cost }) => (cost === null ? null : String(cost))),
    input: recent.map(({ input }) => input),
    output: recent.map(({ output }) => output),
    run: recent.map(({ run }) => {
      if (run === null) return -1;
      if (!runs.has(run)) runs.set(run, runs.size);
      return runs.get(run)!;
    }),
    like: recent.map(({ provider, model, values }) => {
      const known = alike.findIndex(
        (each) => each.provider === provider && each.model === model && isSame(each.values, values),
      );
      return known < 0 ? alike.push({ provider, model, values }) - 1 : known;
    }),
    runs: [...runs.keys()],
    alike,
  };
}

export function recentOf(state: RecentColumns | RecentRow[]): RecentCall[] {
  if (Array.isArray(state)) {
    return state.map(([id, at, cost, input, output, run, provider, model, values]) => {
      const amount = cost === null ? null : BigInt(cost);
      return { id, at, cost: amount, input, output, run, provider, model, values };
    });
  }
  const { id, cost, input, output, run, runs, like, alike } = state;
  return timesOf(state.at).map((at, place) => {
    const amount = cost[place]!;
    return {
      id: id[place]!,
      at,
      cost: amount === null ? null : BigInt(amount),
      input: input[place]!,
      output: output[place]!,
      run: runs[run[place]!] ?? null,
      ...alike[like[place]!]!,
    };
  });
}

export function stateOfRuns(runs: ReadonlyMap<string, RunSum>): RunRow[] {
  return [...runs].map(([run, { calls, priced, cost, since, last, lately }]) => [
    run,
    calls,
    String(cost),
    since,
    last,
    priced,
    [lately.slot, String(lately.cost), String(lately.before)],
  ]);
}

export function runsOf(rows: readonly RunRow[]): Map<string, RunSum> {
  return new Map(
    rows.map(([run, calls, cost, since, last, priced = calls, lately]) => {
      const sum = { ...newRunSum(last), calls, priced, cost: BigInt(cost), since };
      if (lately !== undefined) {
        const [slot, ofSlot, before] = lately;
        sum.lately = { slot, cost: BigInt(ofSlot), before: BigInt(before) };
      }
      return [run, sum];
    }),
  );
}

/** Times and indexes are whole numbers: their steps add up to them again. */
const stepsOf = (times: readonly number[]): number[] =>
  times.map((time, place) => (place === 0 ? time : time - times[place - 1]!));

function timesOf(steps: readonly number[]): number[] {
  let time = 0;
  return steps.map((step) => (time += step));
}

/** Calls that are alike share one object as a rule. */
export function isSame(a: RecentCall['values'], b: RecentCall['values']): boolean {
  return a === b || changeDimensions.every((dimension) => a[dimension] === b[dimension]);
}
