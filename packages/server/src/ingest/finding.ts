import type { Entry } from '@farthing/core';

/** What an importer finds in a line or a record of a file. */
export type Finding =
  | { kind: 'call'; line: number; entry: Entry }
  | { kind: 'unreadable'; line: number; reason: string }
  /** Nothing that was called: another event, a prompt, a header. */
  | { kind: 'other'; line: number };

/** What was read in one go, and how far that is. */
export interface Step {
  line: number;
  /** Bytes of the file that are read (for progress); with `cursor`, where reading may go on. */
  offset: number;
  findings: Finding[];
}

/** How far a file was read and what its reader had learned; JSON. */
export interface Cursor {
  line: number;
  offset: number;
  /** The bytes before `offset`, hashed: tells whether the file is still the one that was read. */
  fingerprint: string;
  state: unknown;
}

/** A file as its kind reads it. */
export interface OpenSource {
  /** Reads what is there now, from where the last reading stopped. */
  read(): AsyncIterable<Step>;
  /**
   * Calls that were held back because more could follow, and now cannot: `last` when this import reads
   * the file no further. `deferred` ones are worse copies that count only where no other file has the
   * call; `open` is how many are still being written.
   */
  settle(now: Date, last: boolean): { findings: Finding[]; deferred: Finding[]; open: number };
  cursor(): Promise<Cursor>;
  /** Whether the file still begins as it did when the cursor was made. */
  isAsRead(cursor: Cursor): Promise<boolean>;
  close(): Promise<void>;
}

/** A kind of source. */
export interface SourceKind {
  name: string;
  /** The `source` of its entries; null where the entries bring their own. */
  source: string | null;
  /** Which files below a directory belong to it. */
  accepts(path: string): boolean;
  /** Whether files grow: they can be watched. */
  grows: boolean;
  /** Puts the files into the order in which they are read. */
  order?(files: string[]): Promise<string[]>;
  open(file: string, from?: Cursor): Promise<OpenSource>;
  /** Calls that the source itself says are not over, beyond those of `settle`. */
  unfinished?(): number;
  /** What a reader of the summary should know. */
  notes?(): string[];
}
