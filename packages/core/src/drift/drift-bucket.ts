/** What the calls of a span of time were expected to take, and took. */
export interface DriftBucket {
  /** Its beginning, ISO 8601. */
  at: string;
  calls: number;
  estimated: number;
  actual: number;
}

/** Estimates that are off by less are fair, however sure that is. */
export const leastBias = 0.1;

export function byTime(a: DriftBucket, b: DriftBucket): number {
  return Number(a.at > b.at) - Number(a.at < b.at);
}
