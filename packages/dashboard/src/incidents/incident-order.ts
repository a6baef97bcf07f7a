import type { Filter, Incident, IncidentSeverity, IncidentState } from '@farthing/core';
import { parseUsd } from '../money/usd.js';

/** What a reader narrows the list to; null: any. */
export interface IncidentChoice {
  state: IncidentState | null;
  severity: IncidentSeverity | null;
  filters: readonly Filter[];
}

/** Those that nobody has taken first, pages before records, then what costs most above normal. */
export const byUrgency = (incidents: readonly Incident[]): Incident[] =>
  incidents.toSorted((left, right) => {
    if (left.state !== right.state) return left.state === 'open' ? -1 : 1;
    if (left.severity !== right.severity) return left.severity === 'page' ? -1 : 1;
    const [one, other] = [above(left), above(right)];
    if (one !== other) return one > other ? -1 : 1;
    return right.opened_at.localeCompare(left.opened_at);
  });

export const lastResolvedFirst = (incidents: readonly Incident[]): Incident[] =>
  incidents.toSorted((left, right) =>
    (right.resolved_at ?? '').localeCompare(left.resolved_at ?? ''),
  );

/** Picodollars an hour; an unknown size stands below all that are known. */
const above = ({ size }: Incident): bigint =>
  size === null ? -(10n ** 30n) : parseUsd(size.above_usd_per_hour);

/** Those that a reader chose. Of the view's filters those count that name an incident's group. */
export const chosen = (incidents: readonly Incident[], choice: IncidentChoice): Incident[] =>
  incidents.filter(
    ({ state, severity, group }) =>
      (choice.state === null || state === choice.state) &&
      (choice.severity === null || severity === choice.severity) &&
      choice.filters.every(
        ({ dimension, op, values }) =>
          !isGroupDimension(dimension) ||
          values.includes(group[dimension] ?? null) === (op === 'in'),
      ),
  );

/** Dimensions that incidents are grouped by. */
export const isGroupDimension = (dimension: string): dimension is 'feature' | 'agent' =>
  dimension === 'feature' || dimension === 'agent';
