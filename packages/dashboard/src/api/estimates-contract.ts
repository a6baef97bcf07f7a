import type { AuditReport, DriftReport, Filter, PromptSource, Window } from '@farthing/core';
import { filterParameter } from './contract.js';
import { change, get } from './http.js';

/** The control plane's routes about estimates as the dashboard uses them. */

export interface ModelEstimate {
  provider: string | null;
  model: string;
  /** `notes` say which rules the count rests on, where it is no plain text. */
  input: { expected: number; bound: number; method: string; notes: string[] };
  output: { mean: number; q50: number; q95: number; q99: number; bound: number; basis: string };
  /** Calls that the output rests on; 0 when none are known. */
  learned_calls: number;
  /** Decimal strings; null when the model has no known price per token. */
  usd: { expected: string; q95: string; q99: string; bound: string } | null;
}

export interface SourceShare {
  source: PromptSource;
  tokens: number;
  share: number;
}

export interface RequestEstimate {
  api: string;
  /** The cheapest first; those without a price last. */
  models: ModelEstimate[];
  /** Null when the request is no chat. */
  prompt: {
    sources: SourceShare[];
    lever: { source: PromptSource; advice: string } | null;
  } | null;
}

export interface EstimateQuestion {
  request: Record<string, unknown>;
  models?: string[];
  feature?: string;
}

export const estimateRequest = (question: EstimateQuestion): Promise<RequestEstimate> =>
  change('POST', '/api/v1/estimates', question);

function reportParameters(window: Window, filters: readonly Filter[]): string {
  const parameters = new URLSearchParams({ since: window.from, until: window.to, limit: '100' });
  for (const filter of filters) parameters.append('filter', filterParameter(filter));
  return parameters.toString();
}

/** By feature: whether its estimates are biased, which way, how much and since when. */
export const fetchDrift = (
  window: Window,
  filters: readonly Filter[],
  signal: AbortSignal,
): Promise<DriftReport> => get(`/api/v1/drift?${reportParameters(window, filters)}`, signal);

/** By feature: where its input tokens come from, and what would save most. */
export const fetchAudit = (
  window: Window,
  filters: readonly Filter[],
  signal: AbortSignal,
): Promise<AuditReport> => get(`/api/v1/audit?${reportParameters(window, filters)}`, signal);
