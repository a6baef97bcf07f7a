import type { ObservedCall } from '@farthing/core';
import { Draw } from './draw.js';

/**
 * CostBench: synthetic streams of one feature's calls over 28 days, 14 of history and 14 that are scored, with
 * at most one incident whose kind and time are known. Traffic has a daily and a weekly rhythm, slow drift,
 * heavy tails and agent runs, so that what is normal looks like it does in production.
 */
export const levels = { high: 400, mid: 60, low: 3 } as const;
export type Level = keyof typeof levels;

export const incidentKinds = [
  'runaway',
  'output_doubled',
  'routing',
  'cache_break',
  'creep',
  'retries',
] as const;
/** What happens to spend and must not page (`volume` is information). */
export const harmlessKinds = ['none', 'one_off', 'volume'] as const;
export type Kind = (typeof incidentKinds)[number] | (typeof harmlessKinds)[number];
export const kinds: readonly Kind[] = [...incidentKinds, ...harmlessKinds];

export const day = 86_400_000;
const hour = 3_600_000;
const minute = 60_000;
export const historyDays = 14;
export const scoredDays = 14;
const days = historyDays + scoredDays;

/** USD per token, those of a model of the middle class. */
const price = { input: 3e-6, output: 15e-6, read: 0.3e-6, write: 3.75e-6 };

const durations: Partial<Record<Kind, number>> = {
  runaway: 2 * hour,
  output_doubled: 2 * day,
  routing: 2 * day,
  cache_break: 2 * day,
  creep: 5 * day,
  retries: 0.75 * hour,
  volume: 12 * hour,
};

export interface Stream {
  kind: Kind;
  level: Level;
  calls: ObservedCall[];
  /** When the incident began and ended, milliseconds; both 0 where there is none. */
  from: number;
  to: number;
  /** Standard deviation of the logarithm of output tokens, for Lorden's bound. */
  outputDeviation: number;
}

export function generateStream(kind: Kind, level: Level, seed: number): Stream {
  const draw = new Draw(seed);
  const from = (historyDays + draw.uniform(0.5, kind === 'creep' ? 4 : 9)) * day;
  const duration = durations[kind] ?? 0;
  const to = kind === 'creep' ? days * day : from + duration;
  const active = (at: number) => duration > 0 && at >= from && at < from + duration;
  const times = arrivals(draw, level, (at) => {
    if (!active(at)) return 1;
    if (kind === 'volume') return draw.uniform(2, 4);
    return kind === 'retries' ? 4 : 1;
  });

  const inputDeviation = draw.uniform(0.5, 0.9);
  const outputDeviation = draw.uniform(0.5, 0.9);
  const inputMean = Math.log(draw.choice([900, 2_500, 6_000]));
  const outputMean = Math.log(draw.choice([60, 300, 900]));
  const hitRate = draw.uniform(0.7, 0.9);
  const routedShare = draw.uniform(0.5, 1);
  const dayDrift = Array.from({ length: days + 1 }, () => draw.normal(0, 0.05));
  const runs = new Runs(draw);

  const calls = times.map((at): ObservedCall => {
    const phase = (2 * Math.PI * (at % day)) / day;
    const drift = dayDrift[Math.floor(at / day)]!;
    let input = Math.exp(
      inputMean + inputDeviation * draw.normal() + 0.08 * Math.sin(phase) + drift,
    );
    let output = Math.exp(
      outputMean + outputDeviation * draw.normal() + 0.08 * Math.cos(phase) + drift,
    );
    // Doubles in five days, and goes on to four times.
    if (kind === 'creep' && at >= from) input *= 2 ** Math.min((at - from) / duration, 2);
    if (kind === 'output_doubled' && active(at)) output *= 2;
    let cached = draw.uniform() < hitRate ? 0.85 : 0;
    if (kind === 'cache_break' && active(at) && draw.uniform() < 0.95) cached = 0;
    const dearer = kind === 'routing' && active(at) && draw.uniform() < routedShare ? 5 : 1;
    // One call in a thousand is four to ten times as large: normal operation.
    if (draw.uniform() < 0.001) {
      const factor = draw.uniform(4, 10);
      input *= factor;
      output *= factor;
    }
    const retry = draw.uniform() < (kind === 'retries' && active(at) ? 0.72 : 0.01);
    const repeated = draw.uniform() < 0.02;
    return observed(at, input, output, cached, dearer, runs.next(), { retry, repeated });
  });

  if (kind === 'one_off') {
    for (let spike = 0; spike < 6; spike++) {
      const at = draw.uniform(historyDays + 0.5, days - 1) * day;
      const index = Math.min(
        times.findIndex((time) => time >= at),
        calls.length - 1,
      );
      const call = calls[Math.max(0, index)]!;
      call.cost = call.cost! * draw.uniform(8, 30);
      call.tokens.output *= 8;
    }
  }
  if (kind === 'runaway') {
    const gap = draw.uniform(4_000, 15_000);
    const run = runs.own();
    let at = from;
    for (let step = 0; step < Math.floor(duration / gap); step++) {
      at += draw.exponential(gap);
      const input = Math.min(Math.exp(inputMean) * (1 + 0.25 * step), 150_000);
      const output = Math.exp(outputMean + outputDeviation * draw.normal());
      const repeated = draw.uniform() < 0.6;
      calls.push(observed(at, input, output, 0.9, 1, run, { retry: false, repeated }));
    }
    calls.sort((a, b) => a.at - b.at);
  }
  return duration === 0
    ? { kind, level, calls, from: 0, to: 0, outputDeviation }
    : { kind, level, calls, from, to, outputDeviation };
}

/** Times of calls: Poisson by the minute, with rhythm of day and week and a slowly wandering rate. */
function arrivals(draw: Draw, level: Level, factor: (at: number) => number): number[] {
  const peak = draw.uniform(12, 16);
  const weekend = draw.uniform(0.35, 0.8);
  const season = (index: number): number => {
    const hourOfDay = (index / 60) % 24;
    const away = ((((hourOfDay - peak + 12) % 24) + 24) % 24) - 12;
    const rhythm = 0.35 + 1.3 * Math.exp(-0.5 * (away / 4) ** 2);
    return Math.floor(index / 1440) % 7 >= 5 ? rhythm * weekend : rhythm;
  };
  let sum = 0;
  for (let index = 0; index < 7 * 1440; index++) sum += season(index);
  const mean = sum / (7 * 1440);
  const times: number[] = [];
  let wander = 0;
  for (let index = 0; index < days * 1440; index++) {
    if (index > 0 && index % 30 === 0) wander = 0.9 * wander + draw.normal(0, 0.1);
    const at = index * minute;
    const rate = ((levels[level] / 60) * season(index) * Math.exp(wander) * factor(at)) / mean;
    const count = draw.poisson(rate);
    for (let call = 0; call < count; call++) times.push(at + draw.uniform(0, minute));
  }
  return times.sort((a, b) => a - b);
}

/** Eight agents at a time, each run six calls long on average. */
class Runs {
  readonly #draw: Draw;
  readonly #open: string[] = [];
  #count = 0;

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  own(): string {
    return `run-${this.#count++}`;
  }

  next(): string {
    if (this.#open.length < 8) {
      this.#open.push(this.own());
      return this.#open.at(-1)!;
    }
    const place = Math.floor(this.#draw.uniform(0, 8));
    if (this.#draw.uniform() < 1 / 6) this.#open[place] = this.own();
    return this.#open[place]!;
  }
}

function observed(
  at: number,
  input: number,
  output: number,
  cached: number,
  dearer: number,
  run: string,
  flags: { retry: boolean; repeated: boolean },
): ObservedCall {
  const read = input * cached;
  // What the cache did not have is written to it, but for the part that changes from call to call.
  const write = cached === 0 ? input * 0.85 : 0;
  const uncached = input - read - write;
  const cost =
    (read * price.read + write * price.write + uncached * price.input + output * price.output) *
    dearer;
  return {
    at,
    cost,
    tokens: { uncached, cache_read: read, cache_write: write, output },
    unit_price: price.output * dearer,
    estimate: null,
    template: null,
    run,
    attributed: true,
    ...flags,
  };
}
