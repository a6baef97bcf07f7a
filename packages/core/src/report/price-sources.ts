/**
 * How a source of prices is: `ok` its newest content is in use; `stale` there is a problem and the last
 * good content stays in use; `failed` there is a problem and it has never been of use.
 */
export type PriceSourceState = 'ok' | 'stale' | 'failed';

export interface PriceSourceStatus {
  kind: 'base' | 'overlay' | 'file' | 'url' | 'own' | 'config';
  /** Path, or URL without what could be secret in it. */
  name: string;
  /** Edition in use, as recorded with every price; null while nothing of it is in use. */
  book: string | null;
  state: PriceSourceState;
  /** Price rows in use. */
  rows: number;
  /** When the content in use was read or fetched; null for what is built in. */
  loaded_at: string | null;
  /** When it was last looked at, whatever came of it. */
  checked_at: string | null;
  /** What is wrong, for people; null when nothing is. */
  problem: string | null;
  problem_since: string | null;
  /** Whether a person may accept what is wrong (`farthing prices refresh --accept`). */
  acceptable: boolean;
  /** What the reader found odd without refusing it. */
  notes: string[];
}

/** The price book in use, and where its rows come from, in rising precedence. */
export interface PriceBookStatus {
  /** Names and editions of all layers: `genai-prices@0.1.8 + farthing-overlay@2026-11`. */
  book: string;
  /** When a source last changed the book; null since the start. */
  changed_at: string | null;
  /** Why changed sources could not be made into a book; the last good one is then in use. */
  problem: string | null;
  sources: PriceSourceStatus[];
}
