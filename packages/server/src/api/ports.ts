import type {
  Entry,
  JournalStatus,
  MissingPrice,
  OwnPriceRequest,
  OwnPriceResult,
  PriceBook,
  PriceBookStatus,
  PriceView,
  ProviderReport,
  Reconciliation,
  Window,
} from '@farthing/core';

/** What the control plane wants to know of the ledger that fills the store. */
export interface LedgerView {
  status(): LedgerStatus | Promise<LedgerStatus>;
}

export interface LedgerStatus {
  journals: JournalStatus[];
  /** Bytes not yet booked, and the age of the oldest of them in milliseconds (null when caught up). */
  lag: { bytes: number; oldest_ms: number | null };
  /** Why booking does not get on, for people; null when it does. */
  stuck: string | null;
}

/** The price book behind the control plane. */
export interface PriceDesk {
  /** The prices in force. */
  book(): PriceBook;
  status(): PriceBookStatus;
  /** Throws `unknown_model`, `invalid_time`. */
  show(asked: { provider?: string; model: string; at?: string | undefined }): PriceView;
  /** Throws `invalid_prices`, `prices_unwritable`. */
  set(request: OwnPriceRequest): Promise<OwnPriceResult>;
  missing(window: Window | undefined): Promise<MissingPrice[]>;
}

/**
 * Appends entries to a journal of this data directory. Resolves when they are on stable storage; the
 * ledger books them from there, as it books every call.
 */
export type AppendEntries = (entries: Entry[]) => Promise<void>;

export interface ReconciliationRequest {
  provider: string;
  window: Window;
  projects?: string[];
  api_keys?: string[];
  final_after?: string;
  /** Without it the provider is asked, with the admin key of this process's environment. */
  report?: ProviderReport;
}

/** The receiver of OTLP/HTTP exporters. Each answer is one of OTLP's own. */
export interface Telemetry {
  traces(request: Request): Promise<Response>;
  ignore(request: Request, signal: 'metrics' | 'logs'): Promise<Response>;
}

/** Reconciliations of this data directory: saved ones, newest first, and new ones. */
export interface Reconciliations {
  list(): Promise<Reconciliation[]>;
  run(request: ReconciliationRequest): Promise<Reconciliation>;
}
