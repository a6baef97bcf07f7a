import type { Incident, QueryRow } from '@farthing/core';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The time around an incident's beginning, in steps. Milliseconds since 1970. */
export interface Around {
  from: number;
  to: number;
  /** Length of a step. */
  step: number;
  /** What the control plane is asked for; several minutes make up a step. */
  bucket: 'minute' | 'hour';
}

type Span = Pick<Incident, 'since' | 'resolved_at'>;

/**
 * As much before it began as after, two hours to two days of each: enough to see what was normal, and
 * that it is not any more.
 */
export const nearOf = (incident: Span, now: number): Around => aroundOf(incident, now, 2 * hour);

/** Two days before it began, where nothing was called shortly before. */
export const farOf = (incident: Span, now: number): Around => aroundOf(incident, now, 2 * day);

function aroundOf(
  { since, resolved_at: resolved }: Span,
  now: number,
  leastBefore: number,
): Around {
  const began = Date.parse(since);
  const ended = resolved === null ? now : Math.min(now, Date.parse(resolved) + hour);
  const after = Math.min(Math.max(ended - began, minute), 2 * day);
  const before = Math.min(Math.max(after, leastBefore), 2 * day);
  const step = stepOf(before + after);
  return {
    from: Math.floor((began - before) / step) * step,
    to: Math.min(now, Math.ceil((began + after) / step) * step),
    step,
    bucket: step === hour ? 'hour' : 'minute',
  };
}

const stepOf = (length: number): number =>
  length <= 5 * hour ? 5 * minute : length <= 16 * hour ? 15 * minute : hour;

/** Sums of one step: what was asked for, added up over the buckets within. */
export interface Step {
  at: number;
  /** Of it that has passed; less than a whole step at the end. */
  length: number;
  rows: QueryRow[];
}

/** The steps of a span with the rows that fall into each, also of those without any. */
export function stepsOf(
  { from, to, step }: Around,
  rows: readonly QueryRow[],
  began: number,
): Step[] {
  const count = Math.max(1, Math.ceil((to - from) / step));
  const steps = Array.from({ length: count }, (_, index): Step => {
    const at = from + index * step;
    return { at, length: Math.min(step, to - at), rows: [] };
  });
  for (const row of rows) {
    const index = Math.floor((Date.parse(String(row['bucket'])) - from) / step);
    steps[index]?.rows.push(row);
  }
  // What has only just begun says little about an hour, and is left out where there is more to see.
  const last = steps[steps.length - 1]!;
  return last.length < step / 5 && began < last.at - step ? steps.slice(0, -1) : steps;
}
