import type { Dimension, Filter, Window } from '../report/query.js';
import type { PrefixedCall, PrefixSearch } from './prefix-search.js';

/** So many calls are played through caches at most. */
const mostCalls = 40_000;
const hour = 3_600_000;
/** A span must show what an hour's cache does, and begins with an hour that only warms it. */
const leastSpan = 3 * hour;
const warmUp = hour;
const mostSpans = 3;
/** Spreads the spans over the hours of the day. */
const goldenPart = 0.618034;

export interface SampleRequest {
  by: Dimension[];
  window: Window;
  filters: Filter[];
  /** Calls in the window. */
  calls: number;
  /** Milliseconds: nothing is known beyond it. */
  now: number;
}

/** A stretch of time whose calls are looked at; before `from` they only warm the caches. */
export interface SampleSpan {
  from: number;
  to: number;
  calls: PrefixedCall[];
}

export interface CacheSample {
  spans: SampleSpan[];
  /** Of the conversations one in so many. */
  oneIn: number;
  /** Whether every call of the window with prefixes is among them. */
  isWhole: boolean;
}

/**
 * The calls that answers about caches rest on. All of the window where they are few. Else whole stretches
 * of time, evenly spread: within them every gap between two calls is as it was. Where stretches
 * of three hours hold too many calls, only one of two, four … conversations is looked at, each of them whole.
 */
export async function sampleCalls(
  prefixes: (search: PrefixSearch) => Promise<PrefixedCall[]>,
  { by, window, filters, calls, now }: SampleRequest,
): Promise<CacheSample> {
  const begin = Date.parse(window.from);
  const end = Math.min(Date.parse(window.to), Math.max(now, begin));
  const { starts, length, oneIn } = planSpans(begin, end, calls);
  const limit = Math.ceil(mostCalls / Math.max(1, starts.length));
  const spans = await Promise.all(
    starts.map(async (from): Promise<SampleSpan> => {
      const found = await prefixes({
        window: { from: isoOf(from - warmUp), to: isoOf(from + length) },
        filters,
        dimensions: by,
        limit,
        ...(oneIn === 1 ? {} : { one_in: oneIn }),
      });
      const isCut = found.length >= limit;
      return { from, to: isCut ? found.at(-1)!.at : from + length, calls: found };
    }),
  );
  const kept = spans.filter(({ calls: found }) => found.length > 0);
  const isWhole = length >= end - begin && oneIn === 1 && kept.every(({ to }) => to >= end);
  return { spans: kept, oneIn, isWhole };
}

/** The sample's calls by what `keyOf` says, each with all spans. */
export function partSample(
  sample: CacheSample,
  keyOf: (call: PrefixedCall) => string,
): (key: string) => CacheSample {
  const parts = new Map<string, PrefixedCall[][]>();
  sample.spans.forEach(({ calls }, span) => {
    for (const call of calls) {
      const key = keyOf(call);
      let part = parts.get(key);
      if (part === undefined) parts.set(key, (part = sample.spans.map(() => [])));
      part[span]!.push(call);
    }
  });
  return (key) => ({
    ...sample,
    spans: sample.spans.map(({ from, to }, span) => ({
      from,
      to,
      calls: parts.get(key)?.[span] ?? [],
    })),
  });
}

/** Where spans begin, how long they are (milliseconds), and how many conversations they leave out. */
export function planSpans(
  begin: number,
  end: number,
  calls: number,
): { starts: number[]; length: number; oneIn: number } {
  const whole = end - begin;
  if (whole <= 0) return { starts: [], length: 0, oneIn: 1 };
  // Traffic has peaks above its average; a span that holds too many calls is cut.
  const inHour = (1.5 * calls * hour) / whole;
  const inLeast = inHour * ((leastSpan + warmUp) / hour);
  if (calls <= mostCalls || whole <= leastSpan) {
    const oneIn = powerOf2(calls / mostCalls);
    return { starts: [begin], length: whole, oneIn };
  }
  // Several times of day and week, if need be with fewer conversations of each.
  const count = Math.max(1, Math.min(mostSpans, Math.floor(whole / (leastSpan + warmUp))));
  const oneIn = powerOf2((count * inLeast) / mostCalls);
  const hours = mostCalls / oneIn / count / (inHour / oneIn);
  const length = Math.max(leastSpan, Math.min(whole / count, hours * hour - warmUp));
  const step = whole / count;
  return {
    starts: Array.from({ length: count }, (_, index) =>
      Math.round(begin + index * step + (((index + 1) * goldenPart) % 1) * (step - length)),
    ),
    length: Math.round(length),
    oneIn,
  };
}

function powerOf2(ratio: number): number {
  return ratio <= 1 ? 1 : 2 ** Math.ceil(Math.log2(ratio));
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
