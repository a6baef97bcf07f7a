import { FarthingError, type ImportSummary } from '@farthing/core';
import type { KindChoice } from './choose-kind.js';
import type { Coverage } from './covered-days.js';
import type { Deliver } from './delivery.js';
import { ImportRun } from './import-run.js';
import type { BooksBeside } from './known-calls.js';
import type { ImportPorts } from './ports.js';

export interface ImportCallsRequest extends KindChoice {
  /** Files and directories. */
  paths: readonly string[];
  provider?: string;
  model?: string;
  /** Overrides the kind's name in `source: import:<name>`. */
  source?: string;
  tags: Readonly<Record<string, string>>;
  dryRun: boolean;
  /** Goes on reading what is added, until `signal` is aborted. */
  watch?: boolean;
  signal?: AbortSignal;
  /** Where an import that is broken off notes how far it came; left out: nowhere. */
  checkpoints?(): Promise<{ directory: string; books: string } | null>;
  /** Hands entries on; tells how many of them were in the books before. */
  deliver: Deliver;
  /** Whether the books have the entry. */
  has?(id: string): Promise<boolean>;
  /** Which days of which providers the books have, as calls and as sums. */
  coverage?(): Promise<Coverage>;
  /** The books themselves: what they have already is looked up there. */
  beside?: BooksBeside;
  onProgress?(progress: ImportProgress): void;
  /** Something a person should read now. */
  onNote?(sentence: string): void;
}

export interface ImportProgress {
  file: string;
  /** Bytes of all files that are read, and that there are. */
  bytes: number;
  totalBytes: number;
  calls: number;
  /** While watching: everything that was there is read. */
  waiting?: boolean;
}

/**
 * Imports calls that other tools recorded. Files are streamed, so their size does not matter; a line
 * that cannot be read is counted and never stops the rest. Ids come from the records themselves:
 * importing the same again, in any order and in any pieces, books only what is new. Throws `no_file`,
 * `unknown_kind`, `invalid_mapping`, `interrupted`, and what `deliver` throws.
 */
export async function importCalls(
  request: ImportCallsRequest,
  ports: ImportPorts,
): Promise<ImportSummary> {
  const run = await ImportRun.begin(request, ports);
  try {
    try {
      await run.pass();
      if (request.watch === true) await run.watch();
    } catch (error) {
      // To be stopped is how a watch ends.
      if (request.watch !== true || !isInterruption(error)) throw error;
    }
    return await run.finish();
  } finally {
    await run.close();
  }
}

function isInterruption(error: unknown): boolean {
  return FarthingError.isInstance(error) && error.code === 'interrupted';
}
