import type { BucketSize, Window } from '@farthing/core';

export const presets = ['1h', '24h', '7d', '30d', 'month'] as const;
export type Preset = (typeof presets)[number];

/** What the reader chose: a sliding window named by its length, the calendar month, or fixed times. */
export type WindowChoice = { kind: 'preset'; preset: Preset } | ({ kind: 'custom' } & Window);

export const presetLabels: Record<Preset, { short: string; long: string; before: string }> = {
  '1h': { short: '1 h', long: 'Last hour', before: 'the hour before' },
  '24h': { short: '24 h', long: 'Last 24 hours', before: 'the 24 hours before' },
  '7d': { short: '7 d', long: 'Last 7 days', before: 'the 7 days before' },
  '30d': { short: '30 d', long: 'Last 30 days', before: 'the 30 days before' },
  month: { short: 'Month', long: 'This month', before: 'last month to the same day' },
};

const minute = 60_000;
const hour = 3_600_000;
const day = 86_400_000;

/** Length in buckets of the window's own grain, so that its first bucket is whole. */
const sliding: Record<Exclude<Preset, 'month'>, { grain: number; buckets: number }> = {
  '1h': { grain: minute, buckets: 60 },
  '24h': { grain: hour, buckets: 24 },
  '7d': { grain: hour, buckets: 168 },
  '30d': { grain: day, buckets: 30 },
};

const iso = (time: number) => new Date(time).toISOString();
const monthStart = (time: number, shift = 0) => {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + shift, 1);
};

/** The concrete interval of a choice at a moment. Sliding windows end just after `now`. */
export function windowOf(choice: WindowChoice, now: number): Window {
  if (choice.kind === 'custom') return { from: choice.from, to: choice.to };
  if (choice.preset === 'month') return { from: iso(monthStart(now)), to: iso(now + 1) };
  const { grain, buckets } = sliding[choice.preset];
  const end = Math.floor(now / grain) * grain + grain;
  return { from: iso(end - buckets * grain), to: iso(now + 1) };
}

/**
 * The interval to compare with: as long as has elapsed of the current one, one window earlier. An
 * unfinished day or month is thus compared with the same part of the one before.
 */
export function previousWindow(choice: WindowChoice, now: number): Window {
  const current = windowOf(choice, now);
  const [from, to] = [Date.parse(current.from), Date.parse(current.to)];
  if (choice.kind === 'preset' && choice.preset === 'month') {
    const before = monthStart(from, -1);
    return { from: iso(before), to: iso(Math.min(before + (to - from), from)) };
  }
  const length =
    choice.kind === 'custom'
      ? to - from
      : sliding[choice.preset as Exclude<Preset, 'month'>].grain *
        sliding[choice.preset as Exclude<Preset, 'month'>].buckets;
  return { from: iso(from - length), to: iso(to - length) };
}

/** Whether new calls can still fall into the window. */
export const isLive = (choice: WindowChoice, now: number): boolean =>
  choice.kind === 'preset' || Date.parse(choice.to) > now;

const lengths: Record<BucketSize, number> = {
  minute,
  hour,
  day,
  week: 7 * day,
  month: 30 * day,
};

/** Bucket sizes that give the window at least 2 and at most 400 buckets, smallest first. */
export function bucketChoices(window: Window): BucketSize[] {
  const length = Date.parse(window.to) - Date.parse(window.from);
  const fitting = (Object.keys(lengths) as BucketSize[]).filter((size) => {
    const count = length / lengths[size];
    return count >= 1.5 && count <= 400;
  });
  return fitting.length > 0 ? fitting : length < hour ? ['minute'] : ['month'];
}

/** The bucket that a reader who chose none gets: as many bars as are easily read. */
export function defaultBucket(choice: WindowChoice, window: Window): BucketSize {
  if (choice.kind === 'preset')
    return ({ '1h': 'minute', '24h': 'hour', '7d': 'hour', '30d': 'day', month: 'day' } as const)[
      choice.preset
    ];
  const length = Date.parse(window.to) - Date.parse(window.from);
  const best = bucketChoices(window).find((size) => length / lengths[size] <= 180);
  return best ?? bucketChoices(window)[0] ?? 'day';
}

/** Starts of all buckets that the window touches, in milliseconds, also of those without calls. */
export function bucketStarts(window: Window, size: BucketSize): number[] {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  const starts: number[] = [];
  let at = bucketStart(from, size);
  while (at < to) {
    starts.push(at);
    at = size === 'month' ? monthStart(at, 1) : at + lengths[size];
  }
  return starts;
}

/** The end of a bucket, which is where the next one starts. */
export const bucketEnd = (start: number, size: BucketSize): number =>
  size === 'month' ? monthStart(start, 1) : start + lengths[size];

function bucketStart(time: number, size: BucketSize): number {
  if (size === 'month') return monthStart(time);
  if (size !== 'week') return Math.floor(time / lengths[size]) * lengths[size];
  const midnight = Math.floor(time / day) * day;
  return midnight - ((new Date(midnight).getUTCDay() + 6) % 7) * day;
}
