import type { Entry } from '@farthing/core';

/**
 * Where booked entries go besides the store: a database, a broker, a webhook.
 *
 * Laws, checked by the conformance suite for every driver:
 * - `write` resolves only when the other side has the entries for good; else it rejects, and the same
 *   entries are written again. Entries come in the order of the journals.
 * - What was written before and is written again is there once, or carries the same stable key (the
 *   entry's id), so that the other side can tell.
 * - An entry arrives as it is in the books: every field, and amounts as exact decimal strings.
 */
export interface Outlet {
  /** At most `mostEntries` at a time, never none. */
  write(entries: readonly Entry[]): Promise<void>;
  close(): Promise<void>;
}

/** Most entries of one `write`. */
export const mostEntries = 500;

/**
 * What the other side will refuse however often it is tried: a wrong address, no right to write. It is
 * still tried again from time to time, because someone may put it right; nothing is skipped.
 */
export class OutletRefused extends Error {
  override name = 'OutletRefused';
}
