import type { Entry, OpenedLine } from '@farthing/core';

/**
 * Where entries go. A sink never throws, never waits and never grows without bound while an
 * application calls it; what it could not keep it counts, and says why.
 */
export interface Sink {
  /** For reports and warnings: `journal`, `remote`, … */
  readonly name: string;
  /**
   * Whether entries may come many at once, some milliseconds after their calls and outside of the
   * code that made them. That costs an application least. Left out, each comes as its call ends.
   */
  readonly inBatches?: boolean;
  /**
   * A call is about to leave. Sinks that outlive the process record it, so that a call during which
   * the process dies is still in the books. Null where nothing is to be waited for.
   */
  opened?(line: OpenedLine): Opening | null;
  /** Somebody else books a call that was opened: what was recorded of it counts no more. */
  withdrawn?(id: string): void;
  /** A call has ended. Takes the entry over, at once; it must not be changed afterwards. */
  write(entry: Entry): void;
  /** Resolves when all that was written is where it belongs, or is known not to get there now. */
  flush(): Promise<void>;
  /** Flushes and gives up what the sink holds. Entries written later are dropped and counted. */
  close(): Promise<void>;
  readonly report: SinkReport;
}

/** A call's beginning on its way to where it survives the process. */
export interface Opening {
  readonly isRecorded: boolean;
  /** Resolves when it is recorded, or when it is known that it cannot be now. Never rejects. */
  recorded(): Promise<void>;
}

/** What became of the entries that a sink was given. `written` = `delivered` + `dropped` + waiting. */
export interface SinkReport {
  /** Entries that were given to the sink. */
  readonly written: number;
  /** Entries that are where they belong. */
  readonly delivered: number;
  /** Entries that are lost to this sink. */
  readonly dropped: number;
  /** Why entries do not get through at the moment; null when all is well. */
  readonly failure: string | null;
}

/**
 * The counts of a sink while it counts them.
 * @internal
 */
export interface Counts {
  written: number;
  delivered: number;
  dropped: number;
  failure: string | null;
}

/** @internal */
export function noCounts(): Counts {
  return { written: 0, delivered: 0, dropped: 0, failure: null };
}
