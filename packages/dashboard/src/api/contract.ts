import type {
  CallRow,
  Closing,
  Cost,
  CostStatus,
  Entry,
  Filter,
  MissingPrice,
  ModelName,
  PriceView,
  Query,
  QueryResult,
  ReconciledDay,
  Reconciliation,
  Restatement,
  Status,
  Window,
} from '@farthing/core';
import { get, post } from './http.js';

/** The control plane's routes as the dashboard uses them. Every path and parameter stands here alone. */

export const runQuery = (query: Query, signal: AbortSignal): Promise<QueryResult> =>
  post('/api/v1/query', query, signal);

export const fetchStatus = (signal: AbortSignal): Promise<Status> => get('/api/v1/status', signal);

/** A call of the list: as it was booked, and what it costs by what is known now. */
export interface ListedCall extends CallRow {
  /** Null where nothing was adjusted, and on adjustments; not yet there on a call that came live. */
  restated?: { cost_usd: string | null; cost_status: CostStatus; adjustments: number } | null;
}

export interface CallPage {
  calls: ListedCall[];
  /** Cursor of the next page; null after the last. */
  next_cursor: string | null;
}

export interface CallSearch {
  order: 'newest' | 'dearest';
  limit: number;
  window: Window;
  filters: readonly Filter[];
  cursor: string | null;
}

/** `feature:checkout,search`, `model!:gpt-5`, `feature:` (not set): a filter as the API's URLs write it. */
export const filterParameter = ({ dimension, op, values }: Filter): string =>
  `${dimension}${op === 'in' ? ':' : '!:'}${values.map((value) => value ?? '').join(',')}`;

export function callsPath({ order, limit, window, filters, cursor }: CallSearch): string {
  const parameters = new URLSearchParams({
    order,
    limit: String(limit),
    since: window.from,
    until: window.to,
  });
  for (const filter of filters) parameters.append('filter', filterParameter(filter));
  if (cursor !== null) parameters.set('cursor', cursor);
  return `/api/v1/calls?${parameters.toString()}`;
}

export const fetchCalls = (search: CallSearch, signal: AbortSignal): Promise<CallPage> =>
  get(callsPath(search), signal);

export interface CallDetail {
  call: CallRow;
  /** Null when the journal segment with the entry is no longer retained. */
  entry: Entry | null;
  origin: { journal: string; segment: number; offset: number };
  /** What was adjusted since, in the order of its recording. */
  adjustments: { call: CallRow; entry: Entry | null }[];
  /** The cost as it is known now; null when a part of it is no longer retained. */
  restated: Cost | null;
}

export const fetchCall = (id: string, signal: AbortSignal): Promise<CallDetail> =>
  get(`/api/v1/calls/${encodeURIComponent(id)}`, signal);

export interface KnownDimension {
  name: string;
  kind: 'tag' | 'call' | 'custom';
  /** Whether any call in the window has it. */
  has_data: boolean;
}

export const fetchDimensions = (
  window: Window,
  signal: AbortSignal,
): Promise<{ dimensions: KnownDimension[] }> =>
  get(`/api/v1/dimensions?${windowParameters(window)}`, signal);

export const fetchMissingPrices = (
  window: Window,
  signal: AbortSignal,
): Promise<{ missing: MissingPrice[] }> =>
  get(`/api/v1/prices/missing?${windowParameters(window)}`, signal);

/** The rates of a model in force at a time, and every row about it. */
export const fetchPrices = (
  { provider, model }: ModelName,
  at: string | null,
  signal: AbortSignal,
): Promise<PriceView> =>
  get(
    `/api/v1/prices/${encodeURIComponent(provider)}/${encodeURIComponent(model)}${at === null ? '' : `?at=${encodeURIComponent(at)}`}`,
    signal,
  );

export const fetchClosings = (signal: AbortSignal): Promise<{ closings: Closing[] }> =>
  get('/api/v1/closings', signal);

/** A closed month (`2026-10`) as closed, as known now, and what accounts for the difference. */
export const fetchRestatement = (month: string, signal: AbortSignal): Promise<Restatement> =>
  get(`/api/v1/restatements/${encodeURIComponent(month)}`, signal);

/** By provider: the newest run, and every day ever reconciled as its newest run saw it. */
export interface LatestReconciliation {
  provider: string;
  ran_at: string;
  reconciliation_id: string;
  verdict: string;
  accuracy: number | null;
  days: (ReconciledDay & { reconciliation_id: string; ran_at: string })[];
}

export const fetchReconciliations = (
  signal: AbortSignal,
): Promise<{ reconciliations: Reconciliation[]; latest: LatestReconciliation[] }> =>
  get('/api/v1/reconciliations?limit=20', signal);

const windowParameters = ({ from, to }: Window) =>
  new URLSearchParams({ since: from, until: to }).toString();

export const eventsPath = '/api/v1/events';
