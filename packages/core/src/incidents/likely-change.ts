import type { IncidentChange } from './incident.js';
import type { SpendRecord } from './spend-record.js';
import { changeDimensions } from './watched-call.js';

/** A value of which the share grew by less explains nothing. */
const leastRise = 0.3;
const leastCalls = 3;
/** What was first seen so long before it began may still be why. */
const lead = 30 * 60_000;

/**
 * What changed at about `since` (milliseconds since 1970): the value of a tag, model or price whose share
 * among the calls since then rose most against those before. Where several rose alike, the one that people
 * change (a template, a release) is named before what follows from it (a model, its price). Null where
 * nothing did, or where there is nothing to compare with.
 */
export function likelyChange(record: SpendRecord, since: number): IncidentChange | null {
  const calls = record.callsSince(since);
  if (calls.length < leastCalls) return null;
  let best: { change: IncidentChange; rise: number } | null = null;
  for (const dimension of changeDimensions) {
    const before = record.valuesBefore(dimension, since);
    const total = before.reduce((sum, each) => sum + each.calls, 0);
    if (total < leastCalls) continue;
    const counts = new Map<string, number>();
    for (const { values } of calls) {
      const value = values[dimension];
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    for (const [value, count] of counts) {
      const usual = (before.find((each) => each.value === value)?.calls ?? 0) / total;
      const share = count / calls.length;
      const rise = share - usual;
      // A little more does not beat what people change themselves.
      if (rise < leastRise || (best !== null && rise < best.rise + 0.1)) continue;
      const from = before.find((each) => each.value !== value)?.value ?? null;
      const first = record.firstWith(dimension, value);
      const within = calls.find(({ values }) => values[dimension] === value)!.at;
      const at = first !== null && first >= since - lead ? first : within;
      const change = { dimension, from, to: value, at: new Date(at).toISOString(), share };
      best = { change, rise };
    }
  }
  return best?.change ?? null;
}
