import type { AlertAccess } from '@farthing/core';
import type { BudgetAccess } from '../budgets/index.js';
import type { OutletStatus } from '../outlets/index.js';
import type { Forgotten, ForgetRequest } from '../privacy/index.js';
import type { Corrections } from '../reprice/index.js';
import type { Store } from '../store/store.js';
import type { LiveEvents } from './live-events.js';
import type { ControlPlaneMetrics } from './metrics.js';
import type { AppendEntries, LedgerView, PriceDesk, Reconciliations, Telemetry } from './ports.js';

/** Everything the control plane's HTTP API stands on. The composition root supplies it. */
export interface ControlPlaneDependencies {
  store: Store;
  ledger: LedgerView;
  events: LiveEvents;
  metrics: ControlPlaneMetrics;
  /** Absent when this process cannot write a journal: `POST /api/v1/entries` then answers 503. */
  appendEntries?: AppendEntries;
  /** Absent when this process cannot write a journal: correcting and closing then answer 503. */
  corrections?: Corrections;
  /** Absent where journals cannot be read: reconciling then answers 503. */
  reconciliations?: Reconciliations;
  /** Where booked entries go besides the store. */
  outlets?: () => readonly OutletStatus[];
  /** Tags that rules of the configuration ask for, without `tag:`. */
  requiredTags?: readonly string[];
  /** Absent when this process may not change what is recorded: forgetting then answers 503. */
  forget?: (request: ForgetRequest) => Promise<Forgotten>;
  /** Absent where no journal can be written: OTLP then answers 503. */
  telemetry?: Telemetry;
  version: string;
  dataDirectory: string;
  /** The built dashboard: `index.html` and `assets/`. */
  dashboardDirectory: string;
  /** When set, everything but `/healthz` and `/readyz` needs it. */
  token?: string;
  /** Further host names under which this control plane may be addressed without a token. */
  allowedHosts?: readonly string[];
  /** Where the gateway answers, e.g. `http://127.0.0.1:4141`. */
  gatewayUrl?: string;
  prices: PriceDesk;
  /** Absent where there is nothing to keep them in: budgets and estimates then answer 503. */
  budgets?: BudgetAccess;
  /** Absent where nothing watches what is booked: incidents then answer 503. */
  alerts?: AlertAccess;
  /** Calls whose cost lies further from their estimate have drifted; default 0.3. */
  driftThreshold?: number;
  now?: () => Date;
  /** Hears of errors that are this program's own fault; clients are told no details. */
  onError?: (error: Error, request: { method: string; path: string }) => void;
}

/** The dependencies with what they leave out filled in, as the routes see them. */
export interface RouteDependencies extends ControlPlaneDependencies {
  now: () => Date;
  startedAt: string;
}
