import type { Sample } from './measure.js';

/** The medians of one target in one scenario. */
export interface Summary {
  target: string;
  scenario: string;
  /** Samples that count, and all that were taken. */
  used: number;
  taken: number;
  /** True when no round was quiet, so that noisy ones had to be used. */
  noisy: boolean;
  per_second: number;
  cpu_us_per_request: number | null;
  cpu_us_per_chunk: number | null;
  p50_us: number;
  p99_us: number;
  resident_kb: number | null;
  peak_kb: number | null;
  samples: Sample[];
}

export function median(values: readonly number[]): number {
  const ordered = [...values].sort((left, right) => left - right);
  const middle = ordered.length >> 1;
  const upper = ordered[middle] ?? Number.NaN;
  return ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? upper) + upper) / 2;
}

/**
 * Medians over the quiet rounds; over all rounds when none was quiet. Invalid samples never count.
 * Returns undefined when nothing is left.
 */
export function summarize(
  samples: readonly Sample[],
  target: string,
  scenario: string,
): Summary | undefined {
  const taken = samples.filter(
    (sample) => sample.target === target && sample.scenario === scenario,
  );
  const valid = taken.filter((sample) => sample.invalid === null);
  const quiet = valid.filter((sample) => !sample.noisy);
  const used = quiet.length > 0 ? quiet : valid;
  if (used.length === 0) return undefined;
  const of = (read: (sample: Sample) => number) => median(used.map(read));
  const orNull = (read: (sample: Sample) => number | null) => {
    const values = used.map(read).filter((value) => value !== null);
    return values.length > 0 ? median(values) : null;
  };
  return {
    target,
    scenario,
    used: used.length,
    taken: taken.length,
    noisy: quiet.length === 0,
    per_second: of((sample) => sample.per_second),
    cpu_us_per_request: orNull((sample) => sample.cpu_us_per_request),
    cpu_us_per_chunk: orNull((sample) => sample.cpu_us_per_chunk),
    p50_us: of((sample) => sample.p50_us),
    p99_us: of((sample) => sample.p99_us),
    resident_kb: orNull((sample) => sample.resident_kb),
    peak_kb: orNull((sample) => sample.peak_kb),
    samples: used,
  };
}

export type FindSummary = (target: string, scenario: string) => Summary | undefined;

export function summaryFinder(samples: readonly Sample[]): FindSummary {
  return (target, scenario) => summarize(samples, target, scenario);
}

/** What a target adds to the direct route's p50 with one connection, in microseconds. */
export function addedMicroseconds(
  find: FindSummary,
  target: string,
  scenario: string,
): number | undefined {
  const through = find(target, scenario);
  const direct = find('direct', scenario);
  return through && direct ? through.p50_us - direct.p50_us : undefined;
}
