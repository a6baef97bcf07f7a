import type { ProviderReport, Reconciliation, Window } from '@farthing/core';
import type { Store } from '../../store/store.js';

/** Where a provider's report comes from: files when any are given, else its API. */
export interface ReconcileSource {
  provider: string;
  window: Window;
  usage: string[];
  costs: string[];
  format?: string;
  mapping?: string;
  fetchedAt?: string;
  baseUrl?: string;
}

export interface ReconcileLocally {
  provider: string;
  window: Window;
  projects?: string[];
  api_keys?: string[];
  final_after?: string;
  report: ProviderReport;
}

/** What `farthing reconcile` needs from outside; `reconcile` implements it, main.ts connects the two. */
export interface ReconcileContext {
  providerReport(source: ReconcileSource): Promise<ProviderReport>;
  /** Compares with the books that are open in this process, and keeps the result. */
  reconcile(store: Store, request: ReconcileLocally): Promise<Reconciliation>;
}
