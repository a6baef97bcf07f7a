import {
  contextElements,
  FarthingError,
  formatUsd,
  promptSizes,
  promptSources,
  type CallShape,
  type Estimator,
  type PromptSource,
} from '@farthing/core';
import { inlineFiles } from '../gateway/inline-files.js';

export interface EstimateRequest {
  /** The body as it would be sent to a provider. */
  request: Record<string, unknown>;
  /** Models to compare; the body's own when left out. */
  models?: readonly string[];
  provider?: string;
  feature?: string;
  template_version?: string;
}

/** What a request would take on one model. Amounts in USD as decimal strings. */
export interface ModelEstimate {
  provider: string | null;
  model: string;
  input: { expected: number; bound: number; method: string };
  output: { mean: number; q50: number; q95: number; q99: number; bound: number; basis: string };
  /** Calls that the output rests on; 0 when none are known. */
  learned_calls: number;
  /** Null when the model has no known price per token. */
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
  /** Where the input comes from, the largest first; null when the request is no chat. */
  prompt: { sources: SourceShare[]; lever: { source: PromptSource; advice: string } | null } | null;
}

export interface EstimateParts {
  estimator: Estimator;
  /** The provider that has the model, where none is named; null when no price list has it. */
  providerOf(model: string): string | null;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * What a request would cost, without sending it: by what was learned of its feature where that is
 * known, else by general rules. Throws `invalid_request`.
 */
export function estimateRequest(asked: EstimateRequest, parts: EstimateParts): RequestEstimate {
  const { request } = asked;
  const own = typeof request['model'] === 'string' ? [request['model']] : [];
  const models = asked.models === undefined || asked.models.length === 0 ? own : asked.models;
  if (models.length === 0) {
    throw new FarthingError('invalid_request', 'Name a model: the request has none of its own.');
  }
  const api = apiOf(request, asked.provider ?? parts.providerOf(models[0]!));
  const estimates = models.map((model) => estimateOn(model, api, asked, parts));
  estimates.sort((a, b) => priceOf(a) - priceOf(b));
  const [first] = estimates;
  return { api, models: estimates, prompt: promptOf(api, request, first!.input.expected) };
}

function estimateOn(
  model: string,
  api: string,
  { request, provider: named, feature, template_version: template }: EstimateRequest,
  { estimator, providerOf, now }: EstimateParts,
): ModelEstimate {
  const slash = model.indexOf('/');
  const provider = named ?? (slash > 0 ? model.slice(0, slash) : providerOf(model));
  const id = named === undefined && slash > 0 ? model.slice(slash + 1) : model;
  const { input, output, cost, demand } = estimator.estimate({
    ...sizesOf(request),
    provider: provider ?? 'unknown',
    model: id,
    tags: {
      ...(feature === undefined ? {} : { feature }),
      ...(template === undefined ? {} : { template_version: template }),
    },
    at: now,
    maxOutput: maxOutputOf(request),
    caching: cachingOf(request),
    hasOutput: api !== 'embeddings',
  });
  const { mean, q50, q95, q99, basis, calls } = output;
  const whole = Math.ceil;
  return {
    provider,
    model: id,
    input: { expected: input.expected, bound: input.bound, method: input.method },
    output: {
      mean: whole(mean),
      q50: whole(q50),
      q95: whole(q95),
      q99: whole(q99),
      bound: demand.mostOutput,
      basis,
    },
    learned_calls: basis === 'none' ? 0 : calls,
    usd:
      cost === null
        ? null
        : {
            expected: formatUsd(cost.expected),
            q95: formatUsd(cost.q95),
            q99: formatUsd(cost.q99),
            bound: formatUsd(cost.bound),
          },
  };
}

/** Sizes of the request as clients send it: without the blanks that a file may have. */
function sizesOf(request: Record<string, unknown>): Pick<CallShape, 'textBytes' | 'fileTokens'> {
  const body = Buffer.from(JSON.stringify(request));
  const { bytes, tokens } = inlineFiles(body);
  return { textBytes: body.length - bytes, fileTokens: tokens };
}

function maxOutputOf(request: Record<string, unknown>): number | null {
  const generation = request['generationConfig'] as Record<string, unknown> | undefined;
  const stated = [
    request['max_completion_tokens'],
    request['max_output_tokens'],
    request['max_tokens'],
    generation?.['maxOutputTokens'],
  ].find((value) => Number.isSafeInteger(value) && (value as number) > 0);
  return (stated as number | undefined) ?? null;
}

function cachingOf(request: Record<string, unknown>): CallShape['caching'] {
  const text = JSON.stringify(request);
  if (!text.includes('"cache_control"') && !text.includes('"cachePoint"')) return 'none';
  return text.includes('"1h"') ? '1h' : '5m';
}

/** Which API a body is for, by its shape. */
function apiOf(request: Record<string, unknown>, provider: string | null): string {
  if ('contents' in request) return 'generateContent';
  if ('messages' in request) {
    return provider === 'anthropic' || 'system' in request ? 'messages' : 'chat.completions';
  }
  if ('input' in request) {
    const isEmbedding = /embed/i.test(String(request['model'] ?? ''));
    return isEmbedding || 'encoding_format' in request ? 'embeddings' : 'responses';
  }
  if ('prompt' in request) return 'completions';
  throw new FarthingError(
    'invalid_request',
    'This is no request body: it has none of `messages`, `input`, `contents` and `prompt`.',
  );
}

function promptOf(
  api: string,
  request: Record<string, unknown>,
  tokens: number,
): RequestEstimate['prompt'] {
  const sizes = promptSizes(api, request, contextElements);
  if (sizes === null) return null;
  const total = promptSources.reduce((sum, source) => sum + sizes[source], 0);
  if (total === 0) return null;
  const sources = promptSources
    .map((source) => ({
      source,
      tokens: Math.round((tokens * sizes[source]) / total),
      share: sizes[source] / total,
    }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
  // The question itself is no lever: it is what the call is for.
  const lever = sources.find(({ source }) => source !== 'user');
  const hasLever = lever !== undefined && lever.share >= leastLever;
  return {
    sources,
    lever: hasLever ? { source: lever.source, advice: levers[lever.source] } : null,
  };
}

/** Below, nothing that could be saved is worth a change. */
const leastLever = 0.1;

const levers: Readonly<Record<PromptSource, string>> = {
  system:
    'put it first and unchanged, so that the provider caches it; shorten what no answer needs',
  tools: 'send only the tools that this step can use, with shorter descriptions',
  context: 'retrieve fewer or shorter passages',
  history: 'summarise or drop older turns, or let a budget truncate them',
  files: 'send smaller images, or upload a file once and refer to it',
  user: 'shorten the question',
};

function priceOf({ usd }: ModelEstimate): number {
  return usd === null ? Number.POSITIVE_INFINITY : Number(usd.expected);
}
