import type { Version } from './version.js';

/**
 * The version that a version took over from: of those that were in use before its first call, the one with
 * most calls there. Versions that were in use from the beginning are in the order of when, on average, their
 * calls were made: the one that fades came first. Null where there was none.
 */
export function findPredecessor(version: Version, all: readonly Version[]): Version | null {
  const first = version.buckets[0]!.at;
  const others = all.filter((each) => each !== version && each.feature === version.feature);
  const most = (callsOf: (other: Version) => number): Version | null => {
    let found: Version | null = null;
    for (const other of others) {
      if (callsOf(other) > (found === null ? 0 : callsOf(found))) found = other;
    }
    return found;
  };
  const before = most(({ buckets }) =>
    buckets.reduce((sum, { at, calls }) => (at < first ? sum + calls : sum), 0),
  );
  if (before !== null) return before;
  const centre = meanTime(version);
  return most((other) =>
    other.buckets[0]!.at === first && meanTime(other) < centre - leastDistance(version)
      ? other.buckets.reduce((sum, { calls }) => sum + calls, 0)
      : 0,
  );
}

function meanTime({ buckets }: Version): number {
  let calls = 0;
  let sum = 0;
  for (const bucket of buckets) {
    calls += bucket.calls;
    sum += bucket.calls * Date.parse(bucket.at);
  }
  return sum / calls;
}

/** Versions that run side by side have nearly the same mean: within a tenth of the time, neither came first. */
function leastDistance({ buckets }: Version): number {
  return (Date.parse(buckets.at(-1)!.at) - Date.parse(buckets[0]!.at)) / 10;
}
