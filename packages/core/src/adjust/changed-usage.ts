import { emptyTokens, type Usage } from '../usage/usage.js';
import { correctedUnits, quantityDifference, quantitySum } from './quantity.js';

/**
 * What leads from one usage to another, or null when they count the same: tokens, details and units as
 * signed differences, everything else as it is afterwards.
 */
export function changedUsage(before: Usage | null, now: Usage): Usage | null {
  const after = { ...now, units: correctedUnits(before?.units ?? {}, now.units) };
  if (before !== null && substance(before) === substance(after)) return null;
  const tokens = emptyTokens();
  for (const bucket of Object.keys(tokens) as (keyof typeof tokens)[]) {
    tokens[bucket] = after.tokens[bucket] - (before?.tokens[bucket] ?? 0);
  }
  return {
    ...after,
    tokens,
    details: differences(before?.details ?? {}, after.details),
    units: differences(before?.units ?? {}, after.units),
  };
}

/** The usage after such a change. */
export function applyUsage(usage: Usage | null, change: Usage): Usage {
  const tokens = emptyTokens();
  for (const bucket of Object.keys(tokens) as (keyof typeof tokens)[]) {
    tokens[bucket] = (usage?.tokens[bucket] ?? 0) + change.tokens[bucket];
  }
  return {
    ...change,
    tokens,
    details: sums(usage?.details ?? {}, change.details),
    units: sums(usage?.units ?? {}, change.units),
  };
}

type Counts = Readonly<Record<string, number>>;

function differences(before: object, after: object): Record<string, number> {
  const [old, now] = [before as Counts, after as Counts];
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  return Object.fromEntries(
    [...names]
      .map((name): [string, number] => [name, quantityDifference(old[name] ?? 0, now[name] ?? 0)])
      // A count that is newly reported as 0 is a change too: it was unknown before.
      .filter(([name, count]) => count !== 0 || !(name in old)),
  );
}

function sums(before: object, change: object): Record<string, number> {
  const result: Record<string, number> = { ...(before as Counts) };
  for (const [name, count] of Object.entries(change as Counts)) {
    result[name] = quantitySum(result[name] ?? 0, count);
  }
  return result;
}

/** What counts and what sets the price, as text: without the provider's payload and without notes. */
function substance({ raw: _raw, notes: _notes, ...usage }: Usage): string {
  return JSON.stringify(sorted(usage));
}

/** Counts of nothing are left out, so that a unit of 0 is as good as none. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined && field !== 0);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return fields.map(([name, field]) => [name, sorted(field)]);
}
