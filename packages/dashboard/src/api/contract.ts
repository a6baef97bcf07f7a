import type {
  CallRow,
  CostStatus,
  Entry,
  Filter,
  Query,
  QueryResult,
  Status,
  Window,
} from '@farthing/core';
import { get, post } from './http.js';

/** The control plane's routes as the dashboard uses them. Every path and parameter stands here alone. */

export const runQuery = (query: Query, signal: AbortSignal): Promise<QueryResult> =>
  post('/api/v1/query', query, signal);

export const fetchStatus = (signal: AbortSignal): Promise<Status> => get('/api/v1/status', signal);

export interface CallPage {
  calls: CallRow[];
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

export interface UnpricedModel {
  provider: string | null;
  model: string | null;
  cost_status: CostStatus;
  calls: number;
  tokens_input: number;
  tokens_output: number;
  /** What the provider or the imported source said that these calls cost. */
  reported_usd: string | null;
  first_seen: string | null;
  last_seen: string | null;
}

export const fetchUnpriced = (
  window: Window,
  signal: AbortSignal,
): Promise<{ models: UnpricedModel[] }> =>
  get(`/api/v1/unpriced?${windowParameters(window)}`, signal);

const windowParameters = ({ from, to }: Window) =>
  new URLSearchParams({ since: from, until: to }).toString();

export const eventsPath = '/api/v1/events';
