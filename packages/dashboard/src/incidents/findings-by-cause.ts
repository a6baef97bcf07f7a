import type { IncidentFinding } from '@farthing/core';

/** What one detector or rule said of an incident, as often as it did. */
export interface Sign {
  key: string;
  /** As it says now. */
  latest: IncidentFinding;
  firstAt: string;
  times: number;
}

/** A detector that goes on finding the same says it again and again: each is one sign, in order of its first. */
export function signsOf(findings: readonly IncidentFinding[]): Sign[] {
  const signs = new Map<string, Sign>();
  for (const finding of findings.toSorted((left, right) => left.at.localeCompare(right.at))) {
    const key = `${finding.cause} ${finding.rule ?? ''}`;
    const before = signs.get(key);
    signs.set(key, {
      key,
      latest: finding,
      firstAt: before?.firstAt ?? finding.at,
      times: (before?.times ?? 0) + 1,
    });
  }
  return [...signs.values()];
}
