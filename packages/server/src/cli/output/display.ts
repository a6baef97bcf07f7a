import { divideHalfEven, parseUsdRounded, tagNames } from '@farthing/core';
import { printable } from './table.js';

/**
 * Amounts of one column with the same number of decimals, as many as its size calls for: cents for
 * hundreds of dollars, six decimals for fractions of a cent. `exact` columns, whose small amounts
 * matter beside large ones, always have six. Display only; `--json` has every digit.
 */
export function displayMoney(amounts: (string | null)[], exact = false): string[] {
  const parsed = amounts.map((amount) => (amount === null ? null : parseUsdRounded(amount)));
  const largest = parsed.reduce<bigint>((most, amount) => {
    const size = amount === null ? 0n : amount < 0n ? -amount : amount;
    return size > most ? size : most;
  }, 0n);
  const decimals = exact ? 6 : largest >= 100n * 10n ** 12n ? 2 : largest >= 10n ** 12n ? 4 : 6;
  return parsed.map((amount) => (amount === null ? '–' : fixed(amount, decimals)));
}

export function displayUsd(amount: string | null): string {
  return displayMoney([amount])[0]!;
}

function fixed(amount: bigint, decimals: number): string {
  const scale = 10n ** BigInt(12 - decimals);
  const rounded = divideHalfEven(amount, scale);
  const sign = amount < 0n ? '-' : '';
  if (rounded === 0n && amount !== 0n) {
    return `${amount < 0n ? '>-' : '<'}$0.${'0'.repeat(decimals - 1)}1`;
  }
  const digits = (rounded < 0n ? -rounded : rounded).toString().padStart(decimals + 1, '0');
  const whole = displayCount(BigInt(digits.slice(0, -decimals)));
  return `${sign}$${whole}.${digits.slice(-decimals)}`;
}

export function displayCount(count: number | bigint): string {
  return count.toLocaleString('en-US');
}

export function displayBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export function displayPercent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)}%`;
}

/** How a figure moved: `+24%`, `-3%`, `0%`. */
export function displayChange(change: number | null): string {
  if (change === null) return '–';
  const percent = Math.round(change * 100);
  return `${percent > 0 ? '+' : ''}${displayCount(percent === 0 ? 0 : percent)}%`;
}

/** A dimension's value; what is missing has a name, so that it can be talked about. */
export function displayValue(dimension: string, value: string | number | null | undefined): string {
  if (value != null) return printable(String(value));
  const isTag = dimension.startsWith('tag:') || (tagNames as readonly string[]).includes(dimension);
  return isTag ? '(unattributed)' : '(unknown)';
}

/** An instant in a time zone, for eyes only: sums and buckets stay those of UTC. */
export function displayTime(
  instant: string,
  timeZone: string,
  precision: 'month' | 'day' | 'minute' | 'second' = 'second',
): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(new Date(instant));
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((candidate) => candidate.type === type)?.value ?? '';
  const month = `${part('year')}-${part('month')}`;
  if (precision === 'month') return month;
  const date = `${month}-${part('day')}`;
  if (precision === 'day') return date;
  const time = `${part('hour')}:${part('minute')}`;
  return precision === 'minute' ? `${date} ${time}` : `${date} ${time}:${part('second')}`;
}
