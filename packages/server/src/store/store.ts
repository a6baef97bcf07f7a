import type {
  AdjustmentCause,
  CallRow,
  CallSearch,
  Entry,
  PrefixedCall,
  PrefixSearch,
  Query,
  QueryResult,
  Window,
} from '@farthing/core';

export type { CallSearch } from '@farthing/core';

/** A place in a journal: everything before `offset` (bytes) in `segment`, and all earlier segments, is consumed. */
export interface JournalPosition {
  journal: string;
  segment: number;
  offset: number;
}

/** An entry and the place of its line in the journal, so that any figure can be traced to the archive. */
export interface SourcedEntry {
  entry: Entry;
  position: JournalPosition;
}

/**
 * What the ledger hands to the store in one transaction: entries, and how far each journal has been
 * read. Positions may advance without entries (torn or foreign lines).
 */
export interface BookingBatch {
  entries: SourcedEntry[];
  positions: JournalPosition[];
}

export interface BookingResult {
  booked: number;
  /** Entries whose id was booked before: the store leaves the first booking untouched. */
  duplicates: number;
  /** The ids that this batch booked, in the batch's order. */
  booked_ids: string[];
}

/** A row of the books and the place of its line in the journal. */
export interface SourcedRow {
  row: CallRow;
  position: JournalPosition;
}

/** Entries of one kind that were recorded in a span of time, added up. Amounts are decimal strings. */
export interface RecordedRow {
  /** Null for calls: they came late. */
  cause: AdjustmentCause | null;
  source: string;
  provider: string;
  model: string | null;
  entries: number;
  cost: string;
  list_cost: string;
  /** By how many calls the number with a known, and with an unknown cost changes. */
  known_change: number;
  unknown_change: number;
}

export interface StoreSummary {
  driver: string;
  path: string;
  bytes: number;
  entries: number;
  first_call_at: string | null;
  last_call_at: string | null;
}

/**
 * The one port to a database. Drivers: duckdb (embedded), clickhouse (later).
 *
 * Laws, checked by the conformance suite for every driver:
 * - `book` is atomic: after a crash at any moment either the whole batch (entries, roll-ups and
 *   positions) is there or none of it.
 * - An entry id is booked at most once, in whatever batch or journal it comes.
 * - `query` over roll-ups equals `query` over the calls, exactly.
 * - `queryAll` gives what `query` gives for each.
 * - Sums over calls and their adjustments are those of the restated calls; `as_of` leaves out what was
 *   recorded later, so that its answer never changes again.
 * - Sums of money are exact integers of picodollars inside and decimal strings outside.
 */
export interface Store {
  positions(): Promise<JournalPosition[]>;
  book(batch: BookingBatch): Promise<BookingResult>;
  query(query: Query): Promise<QueryResult>;
  /** As `query` for each, in their order. What asks of the same calls may be answered from one pass over them. */
  queryAll(queries: readonly Query[]): Promise<QueryResult[]>;
  calls(search: CallSearch): Promise<CallRow[]>;
  /** How prompts begin, of the calls that have it, in the order of their times. */
  prefixes(search: PrefixSearch): Promise<PrefixedCall[]>;
  call(id: string): Promise<SourcedRow | null>;
  /**
   * Which of these entry ids are booked, and from which journal line each was booked; unknown ids
   * are absent. At most 10,000 ids a call. Imports ask it what is already there, exports ask it
   * which of several equal journal lines is the one in the books. Whoever knows when the calls began
   * says so in `window`: then nothing outside of it is looked at.
   */
  locate(ids: string[], window?: Window): Promise<Map<string, JournalPosition>>;
  /**
   * The adjustments of these entries, as they were recorded; entries without any are absent. Keyed as
   * the caller wrote the ids; at most 10,000 a call, and a `window` as in `locate`.
   */
  adjustments(ids: string[], window?: Window): Promise<Map<string, SourcedRow[]>>;
  /**
   * What was recorded after one time and until another (included) of the calls that began in the
   * window, by cause, source, provider and model: the difference of two answers "as known at".
   */
  recorded(window: Window, span: { after: string; until: string }): Promise<RecordedRow[]>;
  /** Keys of custom tags (without `tag:`) that calls in the window carry, sorted; at most 1,000. */
  tagKeys(window?: Window): Promise<string[]>;
  /**
   * Gives another value to a tag wherever it has one of these; null takes the tag away. The only change
   * to what is booked, for a person's sake: sums over anything else stay what they were. `name` is one
   * of the attribution tags, or a custom tag's key without `tag:`. Resolves to the number of entries.
   */
  replaceTag(name: string, from: readonly string[], to: string | null): Promise<number>;
  summary(): Promise<StoreSummary>;
  close(): Promise<void>;
}
