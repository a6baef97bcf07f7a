import type {
  AlertAccess,
  Entry,
  FarthingError,
  FocusColumn,
  FocusRow,
  ImportSummary,
} from '@farthing/core';
import type { BudgetAccess } from '../budgets/index.js';
import type { BookedCall, LedgerStatus } from '../ledger/index.js';
import type { PrivacySettings } from '../privacy/index.js';
import type { Corrections } from '../reprice/index.js';
import type { Store } from '../store/store.js';
import type { PriceDesk } from './prices/desk.js';

/** Where a command writes. Tests capture it; main.ts hands in the process's streams. */
export interface CliOutput {
  /** Standard output: what was asked for. */
  write(text: string): void;
  /** Standard error: what the command is doing, progress, warnings. One line each, without newline. */
  note(line: string): void;
  /** Overwrites one line on standard error, for progress; only called when `tty`. */
  progress(line: string): void;
  /** Whether standard output is a terminal: tables and bars, or plain aligned columns. */
  tty: boolean;
  /** Width of the terminal in characters. */
  columns: number;
  /** False under NO_COLOR, and when output is piped. */
  color: boolean;
}

/** The books of a data directory opened in this process, because no control plane holds them. */
export interface LocalBooks {
  store: Store;
  /** Resolves when the entries are on stable storage in a journal of the data directory. */
  appendEntries(entries: Entry[]): Promise<void>;
  /** Books everything that the journals hold and resolves when nothing is left. */
  bookAll(): Promise<void>;
  ledgerStatus(): LedgerStatus;
  close(): Promise<void>;
}

/** What an import needs from outside; `ingest` implements it, main.ts connects the two. */
export interface ImportCallsRequest {
  /** Files and directories. */
  paths: readonly string[];
  /** What they hold; without kind, preset and mapping it is found from the first file. */
  kind?: string | undefined;
  preset?: string | undefined;
  /** A mapping file, or the mapping itself. */
  mapping?: string | undefined;
  /** Overrides the provider and the model that the source states. */
  provider?: string;
  model?: string;
  /** Overrides the kind's name in `source: import:<name>`. */
  source?: string;
  tags: Record<string, string>;
  dryRun: boolean;
  watch?: boolean;
  signal?: AbortSignal;
  checkpoints?(): Promise<{ directory: string; books: string } | null>;
  /** Hands entries on; tells how many of them were in the books before. */
  deliver(entries: Entry[]): Promise<{ accepted: number; already_booked: number }>;
  has?(id: string): Promise<boolean>;
  coverage?(): Promise<ImportCoverage>;
  /** Where what the books have already is looked up. */
  beside?: {
    entries(): AsyncIterable<Entry>;
    find(id: string): Promise<BookedCall | null>;
  };
  onProgress?(progress: ImportCallsProgress): void;
  onNote?(sentence: string): void;
}

export interface ImportCallsProgress {
  file: string;
  bytes: number;
  totalBytes: number;
  calls: number;
  waiting?: boolean;
}

/** Days that the books have (`provider 2026-03-01`): as calls, and as a provider's own sums. */
export interface ImportCoverage {
  calls: ReadonlySet<string>;
  reports: ReadonlySet<string>;
}

/** Rows to be written as a Parquet file; the database's driver can, main.ts connects the two. */
export interface ParquetRequest {
  file: string;
  columns: readonly FocusColumn[];
  rows: AsyncIterable<readonly FocusRow[]>;
  metadata: Readonly<Record<string, string>>;
}

/** What the composition root supplies to every command. */
export interface CliContext {
  version: string;
  dataDirectory: string;
  /** A control plane named by hand (`--url`, `FARTHING_URL`); otherwise it is looked for in the data directory. */
  controlUrl?: string | undefined;
  /** The control plane's token, when it has one. */
  token?: string | undefined;
  output: CliOutput;
  /** Whether the data directory holds a store or journals; nothing is created by asking. */
  hasData(): boolean;
  /** Why "farthing up" would refuse the configuration; empty where it would not. */
  configProblems(): readonly FarthingError[];
  /** Opens store and journals in this process. Rejects when another process holds them. */
  openBooks(): Promise<LocalBooks>;
  /** What corrects and closes books that were opened in this process, at the prices of its configuration. */
  openCorrections(books: LocalBooks): Promise<Corrections>;
  importCalls(request: ImportCallsRequest): Promise<ImportSummary>;
  /** Names of the kinds of sources, and where the logs of one usually are (none: nowhere in particular). */
  importKinds: readonly string[];
  importDirectories(kind: string): string[];
  /** Opens the prices of the data directory and its configuration. */
  openPriceDesk(): Promise<PriceDesk>;
  /** Opens the budgets of the data directory and its configuration. */
  openBudgets(): Promise<BudgetAccess>;
  /** Opens the incidents of the data directory, where no control plane serves it. */
  openAlerts(
    onProgress?: (progress: { entries: number; until: string }) => void,
  ): Promise<AlertAccess>;
  /** Tags that rules of the configuration ask for, without `tag:`. */
  requiredTags: readonly string[];
  /** How users and other personal tags are stored. */
  privacy: PrivacySettings;
  /** Who runs the command, for the record. */
  user: string;
  /** From which drift on a call is marked (`drift.threshold`); default 0.3. */
  driftThreshold?: number;
  writeParquet?(request: ParquetRequest): Promise<void>;
  now(): Date;
  setExitCode(code: number): void;
  /** Aborted when the user interrupts (Ctrl-C). */
  signal: AbortSignal;
}
