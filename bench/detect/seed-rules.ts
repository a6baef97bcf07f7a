import { isBeyondMovingAverage, isHourAheadOfBudget, isHourBeyondAverage } from '@farthing/core';
import { day, historyDays, scoredDays, type Stream } from './cost-bench.js';
import type { Page } from './evaluate.js';

const hour = 3_600_000;
const days = historyDays + scoredDays;

/**
 * The plain rules beside ours, each by the name it is known by. Rules of a call are computed with running
 * sums, which give what `zScore` gives and take no longer than the stream.
 */
export const seedRules = {
  'z > 2, 100 calls': (stream: Stream) => zScores(stream, 2),
  'z > 3, 100 calls': (stream: Stream) => zScores(stream, 3),
  '3 × median': overMedian,
  'hour > mean + 2 σ': (stream: Stream) =>
    hourly(stream, (value, before) => isHourBeyondAverage(value, before)),
  'hour > mean + 3 σ': (stream: Stream) =>
    hourly(stream, (value, before) =>
      isBeyondMovingAverage(value, before, { window: 336, sigmas: 3, least: 24 }),
    ),
  'pro rata × 2': proRata,
} as const satisfies Record<string, (stream: Stream) => Page[]>;

function zScores({ calls }: Stream, threshold: number): Page[] {
  const pages: Page[] = [];
  let sum = 0;
  let squares = 0;
  for (const [index, call] of calls.entries()) {
    const value = call.cost!;
    sum += value;
    squares += value ** 2;
    const old = calls[index - 100];
    if (old !== undefined) {
      sum -= old.cost!;
      squares -= old.cost! ** 2;
    }
    const count = Math.min(index + 1, 100);
    if (count < 10 || call.at < historyDays * day) continue;
    const mean = sum / count;
    const deviation = Math.sqrt(Math.max(squares / count - mean ** 2, 0));
    if (deviation <= mean * 1e-9) continue;
    if (Math.abs(value - mean) / deviation > threshold) pages.push({ at: call.at, name: 'z' });
  }
  return pages;
}

/** The median of the fourteen days before each day. */
function overMedian({ calls }: Stream): Page[] {
  const pages: Page[] = [];
  const byDay: number[][] = Array.from({ length: days }, () => []);
  for (const { at, cost } of calls) byDay[Math.min(days - 1, Math.floor(at / day))]!.push(cost!);
  const medians = byDay.map((_, today) => {
    const before = Float64Array.from(byDay.slice(Math.max(0, today - 14), today).flat()).sort();
    return before.length < 10 ? Infinity : before[Math.floor(before.length / 2)]!;
  });
  for (const { at, cost } of calls) {
    if (at < historyDays * day) continue;
    const median = medians[Math.min(days - 1, Math.floor(at / day))]!;
    if (cost! > 3 * median) pages.push({ at, name: 'median' });
  }
  return pages;
}

function hourlySpend({ calls }: Stream): number[] {
  const spend: number[] = Array.from({ length: days * 24 }, () => 0);
  for (const { at, cost } of calls) {
    const index = Math.floor(at / hour);
    if (index < spend.length) spend[index]! += cost!;
  }
  return spend;
}

/** Judged when the hour has ended. */
function hourly(
  stream: Stream,
  fires: (value: number, before: readonly number[]) => boolean,
): Page[] {
  const spend = hourlySpend(stream);
  return spend.flatMap((value, index) =>
    index >= historyDays * 24 && fires(value, spend.slice(index - 336, index))
      ? [{ at: (index + 1) * hour, name: 'hour' }]
      : [],
  );
}

/** Of a budget of 1.3 times what a day of the history took, an hour takes more than twice its part. */
function proRata(stream: Stream): Page[] {
  const spend = hourlySpend(stream);
  const history = spend.slice(0, historyDays * 24).reduce((sum, value) => sum + value, 0);
  const budget = (1.3 * history) / historyDays;
  return spend.flatMap((value, index) =>
    index >= historyDays * 24 && isHourAheadOfBudget(value, budget, 2)
      ? [{ at: (index + 1) * hour, name: 'pro rata' }]
      : [],
  );
}
