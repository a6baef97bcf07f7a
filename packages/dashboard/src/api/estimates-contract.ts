import type { PromptSource } from '@farthing/core';
import { change } from './http.js';

/** The control plane's routes about estimates as the dashboard uses them. */

export interface ModelEstimate {
  provider: string | null;
  model: string;
  input: { expected: number; bound: number; method: string };
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
