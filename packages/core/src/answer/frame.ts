import type { Filter, QueryRow, Window } from '../report/query.js';
import type { AnswerBooks } from './answer-books.js';

/**
 * What stands around every answer: which calls it is about, and what a reader must know before believing
 * its figures.
 */
export interface AnswerFrame {
  /** Half-open interval of call start times, UTC. */
  window: Window;
  filters: Filter[];
  /** Calls in the window. */
  calls: number;
  /** What those with a known cost took, a decimal string; null when none of them has one. */
  cost_usd: string | null;
  /** Calls whose cost is unknown; they are in no sum of money. `share` is of the calls, null when there are none. */
  unpriced: { calls: number; share: number | null };
  /** Calls without a feature. `share` is of the cost; null when there is none. */
  unattributed: { calls: number; cost_usd: string | null; share: number | null };
  /** What in the answer is estimated, in sentences; where it is empty, everything is counted. */
  estimated: string[];
  /** What else bears on the figures, in sentences: an empty window, one that is not over yet. */
  notes: string[];
}

export interface FrameRequest {
  window: Window;
  filters?: Filter[];
  /** ISO 8601: what lies after it has not happened yet. */
  now: string;
  estimated?: string[];
}

/** An answer with its frame. */
export type Framed<Result> = Result & { frame: AnswerFrame };

/** Asks for what every answer states of itself: one query, from roll-ups. */
export async function buildFrame(
  books: Pick<AnswerBooks, 'query'>,
  request: FrameRequest,
): Promise<AnswerFrame> {
  const { window, filters = [] } = request;
  const { rows } = await books.query({
    measures: ['calls', 'cost', 'unpriced_calls', 'unattributed_calls', 'unattributed_cost'],
    window,
    filters,
  });
  return frameOf(rows[0] ?? {}, request);
}

/** The frame, of a row with the five sums over the whole window. */
export function frameOf(row: QueryRow, request: FrameRequest): AnswerFrame {
  const { window, filters = [], now, estimated = [] } = request;
  const calls = count(row, 'calls');
  const unpriced = count(row, 'unpriced_calls');
  const cost = calls > 0 && unpriced >= calls ? null : usd(row, 'cost');
  const unattributed = usd(row, 'unattributed_cost');
  return {
    window,
    filters,
    calls,
    cost_usd: cost,
    unpriced: { calls: unpriced, share: shareOf(unpriced, calls) },
    unattributed: {
      calls: count(row, 'unattributed_calls'),
      cost_usd: unattributed,
      share: cost === null || unattributed === null ? null : shareOfCost(+unattributed, +cost),
    },
    estimated,
    notes: notesOf(calls, unpriced, window, now),
  };
}

function notesOf(calls: number, unpriced: number, window: Window, now: string): string[] {
  if (window.from >= now) return ['The window lies in the future: nothing has happened in it yet.'];
  if (calls === 0) {
    return ['No calls in this window. Check the filters, or widen the window.'];
  }
  const notes: string[] = [];
  if (window.to > now) notes.push('The window is not over yet: calls until now are counted.');
  if (calls === 1) notes.push('There is one call in this window: nothing to compare it with.');
  if (unpriced >= calls) {
    notes.push('No call in this window has a known price: see "farthing prices missing".');
  }
  return notes;
}

/**
 * A proportion for display, six decimals; null where there is no whole to be a part of, so that no figure
 * is ever NaN or infinite.
 */
export function shareOf(part: number, whole: number): number | null {
  const share = part / whole;
  return Number.isFinite(share) ? Math.round(share * 1e6) / 1e6 : null;
}

/**
 * The same of a sum of costs, which credits may bring below nothing: of such a sum only what is between it and
 * nothing is a share. Others (−$3 of −$1, $2 of −$1) would be percentages that say the opposite: null.
 */
export function shareOfCost(part: number, whole: number): number | null {
  const share = shareOf(part, whole);
  return whole < 0 && share !== null && (share < 0 || share > 1) ? null : share;
}

function count(row: QueryRow, name: string): number {
  return Number(row[name] ?? 0);
}

function usd(row: QueryRow, name: string): string | null {
  const value = row[name];
  return value == null ? null : String(value);
}
