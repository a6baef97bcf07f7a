import {
  decimalFromNumber,
  divideHalfEven,
  formatUsd,
  parseUsdRounded,
  type Picodollars,
} from '../money.js';
import { spentBetween, type DailySpend } from './daily-spend.js';
import type { ForecastSpan } from './forecast-span.js';
import type { Confidence } from './project.js';
import { leastDays, type ForecastBasis, type SpendProjection } from './project-spend.js';
import { quantumOf, roundTo, roundTogether } from './round-together.js';

/** What a group, or all of them, took in a month and will have taken at its end. ForecastAmounts are USD. */
export interface ForecastAmounts {
  /** Until the moment of the forecast; exact. */
  spent_usd: string;
  /** At the month's end, what is spent included; rounded. Null where nothing is known to go by. */
  forecast_usd: string | null;
  /** The month's end lies in here with 80 % probability. */
  interval_80: UsdInterval | null;
  interval_95: UsdInterval | null;
  /** What the month before took, exact; null where it is not over. */
  before_usd: string | null;
  /** The forecast against the month before: 0.4 is 40 % more; null where that took nothing, or is not whole. */
  change: number | null;
  /** What it would be if every day took as much as the month's days so far: the naive figure beside. */
  run_rate_usd: string | null;
  basis: ForecastBasis | 'over';
  /** Whole days that the forecast rests on. */
  days: number;
  /** So many more days until its own pattern tells; 0 where it does. */
  needs_days: number;
}

export interface UsdInterval {
  low_usd: string;
  high_usd: string;
}

export interface Projected {
  spend: DailySpend;
  projection: SpendProjection;
}

/**
 * The amounts of the total and of its parts, which add up to it.
 *
 * @param isBeforeWhole whether the books know all of the month before, so that it can be compared with
 */
export function amountsOf(
  whole: Projected,
  parts: readonly Projected[],
  span: ForecastSpan,
  isBeforeWhole: boolean,
): { total: ForecastAmounts; parts: ForecastAmounts[]; roundedTo: string } {
  const { ahead } = span;
  const left = expectedOf(whole, span);
  const spent = spentOf(whole, span);
  const quantum = quantumOf(spent + picodollars(left));
  const end = roundTo(spent + picodollars(left), quantum);
  const own = parts.map((part) => expectedOf(part, span));
  const together = own.reduce((sum, one) => sum + one, 0);
  // Where no part goes on, but the total does, what is left goes to them as what they took.
  const scaled = parts.map((part, index) =>
    together > 0 ? (own[index]! / together) * left : left * shareOf(part, whole, span),
  );
  const ends = roundTogether(
    parts.map((part, index) => spentOf(part, span) + picodollars(scaled[index]!)),
    end,
    quantum,
  );
  const scale = together > 0 ? left / together : 1;
  const stated = (one: Projected, rounded: Picodollars, factor: number): ForecastAmounts => {
    const booked = spentOf(one, span);
    const { basis, days } = one.projection;
    const unknown = basis === 'nothing' && ahead.to > ahead.from;
    const interval = (confidence: Confidence): UsdInterval | null => {
      if (unknown) return null;
      const { low, high } =
        ahead.to > ahead.from
          ? one.projection.interval(confidence, ahead.from, ahead.to)
          : { low: 0, high: 0 };
      const bounds = [low, high].map((bound) =>
        roundTo(booked + picodollars(bound * factor), quantum),
      );
      return {
        low_usd: formatUsd(least(bounds[0]!, rounded)),
        high_usd: formatUsd(most(bounds[1]!, rounded)),
      };
    };
    const before =
      span.before === null ? null : spentBetween(one.spend, span.before.from, span.before.to);
    return {
      spent_usd: formatUsd(booked),
      forecast_usd: unknown ? null : formatUsd(rounded),
      interval_80: interval(80),
      interval_95: interval(95),
      before_usd: before === null ? null : formatUsd(before),
      change:
        unknown || !isBeforeWhole || before === null || before <= 0n
          ? null
          : changeOf(rounded, before),
      run_rate_usd: runRateOf(booked, span.elapsed, quantum),
      basis: ahead.to > ahead.from ? basis : 'over',
      days,
      needs_days: basis === 'run_rate' ? leastDays - days : 0,
    };
  };
  return {
    total: stated(whole, end, 1),
    parts: parts.map((part, index) => stated(part, ends[index]!, scale)),
    roundedTo: formatUsd(quantum),
  };
}

function spentOf({ spend }: Projected, { booked }: ForecastSpan): Picodollars {
  return spentBetween(spend, booked.from, booked.to);
}

function expectedOf({ projection }: Projected, { ahead }: ForecastSpan): number {
  return ahead.to > ahead.from ? projection.expected(ahead.from, ahead.to) : 0;
}

function shareOf(part: Projected, whole: Projected, { days }: ForecastSpan): number {
  const all = Number(spentBetween(whole.spend, 0, days.count));
  return all > 0 ? Number(spentBetween(part.spend, 0, days.count)) / all : 0;
}

/** As if the month had no pattern; null before a part of it is over. */
function runRateOf(spent: Picodollars, elapsed: number, quantum: Picodollars): string | null {
  const millionths = BigInt(Math.round(elapsed * 1e6));
  if (millionths === 0n) return null;
  return formatUsd(roundTo(divideHalfEven(spent * 1_000_000n, millionths), quantum));
}

function changeOf(now: Picodollars, before: Picodollars): number {
  return Number((now * 10_000n) / before - 10_000n) / 10_000;
}

/** A float of USD becomes money: the one place where a forecast does. */
export function picodollars(usd: number): Picodollars {
  return parseUsdRounded(decimalFromNumber(Math.max(0, usd)));
}

const least = (a: bigint, b: bigint) => (a < b ? a : b);
const most = (a: bigint, b: bigint) => (a > b ? a : b);
