import type { Version } from './version.js';

/** How a version came into use. Times are beginnings of buckets, ISO 8601. */
export interface VersionSwitch {
  /** When its first call was made. */
  first_call_at: string;
  /** From when it had more than half of the feature's calls; null when it never had. */
  took_over_at: string | null;
  /** The last call of the version before, where that came after the first one of this: both were in use. */
  overlap_until: string | null;
  /** Calls of both in that time; 0 where there is none. */
  overlap_calls: number;
}

/** So many buckets together decide who has more: one alone may have a single call. */
const judged = 12;

/** Dates the change from one version to the next among all versions of the feature. */
export function dateSwitch(
  version: Version,
  predecessor: Version,
  all: readonly Version[],
): VersionSwitch {
  const first = version.buckets[0]!.at;
  const last = predecessor.buckets.at(-1)!.at;
  const isBoth = last >= first;
  return {
    first_call_at: first,
    took_over_at: takenOver(version, all),
    overlap_until: isBoth ? last : null,
    overlap_calls: isBoth
      ? callsBetween(version, first, last) + callsBetween(predecessor, first, last)
      : 0,
  };
}

function callsBetween({ buckets }: Version, first: string, last: string): number {
  return buckets.reduce((sum, { at, calls }) => (at >= first && at <= last ? sum + calls : sum), 0);
}

/** The first bucket in which it has the majority, and keeps it over that and the next ones. */
function takenOver(version: Version, all: readonly Version[]): string | null {
  const total = new Map<string, number>();
  for (const { feature, buckets } of all) {
    if (feature !== version.feature) continue;
    for (const { at, calls } of buckets) total.set(at, (total.get(at) ?? 0) + calls);
  }
  const own = new Map(version.buckets.map(({ at, calls }) => [at, calls]));
  const times = [...total.keys()].toSorted();
  for (const [index, at] of times.entries()) {
    if ((own.get(at) ?? 0) * 2 <= total.get(at)!) continue;
    const next = times.slice(index, index + judged);
    const mine = next.reduce((sum, time) => sum + (own.get(time) ?? 0), 0);
    const everyone = next.reduce((sum, time) => sum + total.get(time)!, 0);
    if (mine * 2 > everyone) return at;
  }
  return null;
}
