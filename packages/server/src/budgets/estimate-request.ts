import {
  contextElements,
  FarthingError,
  formatUsd,
  largestLever,
  promptSizes,
  promptSources,
  promptTokens,
  type CallShape,
  type Estimator,
  type PromptSource,
} from '@farthing/core';
import { countProblem, type InputCount, type RequestCounter } from '../count/index.js';
import { inlineFiles } from '../gateway/inline-files.js';

export interface EstimateRequest {
  /** The body as it would be sent to a provider. */
  request: Record<string, unknown>;
  /** Models to compare; the body's own when left out. */
  models?: readonly string[];
  provider?: string;
  feature?: string;
  template_version?: string;
  /** Whether providers are asked how many input tokens it has: the request is sent to them. */
  count?: boolean;
}

/** What a request would take on one model. Amounts in USD as decimal strings. */
export interface ModelEstimate {
  provider: string | null;
  model: string;
  input: InputEstimate;
  output: { mean: number; q50: number; q95: number; q99: number; bound: number; basis: string };
  /** Calls that the output rests on; 0 when none are known. */
  learned_calls: number;
  /** Null when the model has no known price per token. */
  usd: { expected: string; q95: string; q99: string; bound: string } | null;
}

export interface InputEstimate {
  expected: number;
  bound: number;
  /** `provider`, `tokenizer`, `learned` or `bytes/4`. */
  method: string;
  /** False where the number is what the provider counts: by itself, or by a tokenizer that is its own. */
  estimated: boolean;
  /** What it is made of, where it was counted here. */
  parts: { text: number; framing: number; tools: number; files: number } | null;
  /** What is not exact about it, in sentences. */
  notes: string[];
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
  /** Counts text; without one the sizes of the request speak for it. */
  counter?: RequestCounter | undefined;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * What a request would cost, without sending it: its input as it is counted, its output by what was
 * learned of its feature where that is known, else by general rules. Throws `invalid_request`, and
 * `cannot_count` or `count_failed` where no provider that was to count could.
 */
export async function estimateRequest(
  asked: EstimateRequest,
  parts: EstimateParts,
): Promise<RequestEstimate> {
  const { request, provider: named } = asked;
  const own = typeof request['model'] === 'string' ? [request['model']] : [];
  const models = asked.models === undefined || asked.models.length === 0 ? own : asked.models;
  if (models.length === 0) {
    throw new FarthingError(
      'invalid_request',
      'Name a model (`models`, --model): the request has none of its own.',
    );
  }
  const targets = models.map((model) => targetOf(model, named, parts));
  const api = apiOf(request, targets[0]!.provider);
  const counts = await countedOn(targets, asked, parts);
  const estimates = targets.map((target, index) =>
    estimateOn(target, counts[index]!, api, asked, parts),
  );
  estimates.sort((a, b) => priceOf(a) - priceOf(b));
  const [first] = estimates;
  return { api, models: estimates, prompt: promptOf(api, request, first!.input.expected) };
}

interface Target {
  provider: string | null;
  model: string;
}

function targetOf(model: string, named: string | undefined, { providerOf }: EstimateParts): Target {
  const slash = model.indexOf('/');
  if (named !== undefined) return { provider: named, model };
  if (slash <= 0) return { provider: providerOf(model), model };
  return { provider: model.slice(0, slash), model: model.slice(slash + 1) };
}

/** A count, or none where nothing counts here or the text took too long; and why a provider did not. */
interface Counted {
  count: InputCount | null;
  problem: string | null;
}

/** Models that their provider cannot count are counted here, as long as it counts for another one. */
async function countedOn(
  targets: readonly Target[],
  { request, count: byProvider }: EstimateRequest,
  { counter }: EstimateParts,
): Promise<Counted[]> {
  if (counter === undefined) return targets.map(() => ({ count: null, problem: null }));
  const here = counter.forRequest(request);
  const failures: unknown[] = [];
  const counts = await Promise.all(
    targets.map(async (target): Promise<Counted> => {
      if (byProvider !== true) return { count: await here(target), problem: null };
      try {
        return { count: await counter.byProvider(request, target), problem: null };
      } catch (error) {
        failures.push(error);
        return { count: await here(target), problem: countProblem(error) };
      }
    }),
  );
  if (failures.length === targets.length) throw failures[0];
  return counts;
}

function estimateOn(
  { provider, model }: Target,
  { count, problem }: Counted,
  api: string,
  { request, feature, template_version: template }: EstimateRequest,
  { estimator, now }: EstimateParts,
): ModelEstimate {
  const shape: CallShape = {
    ...sizesOf(request, { provider, model }),
    provider: provider ?? 'unknown',
    model,
    tags: {
      ...(feature === undefined ? {} : { feature }),
      ...(template === undefined ? {} : { template_version: template }),
    },
    at: now,
    maxOutput: maxOutputOf(request),
    caching: cachingOf(request),
    hasOutput: api !== 'embeddings',
  };
  let estimate = estimator.estimate(shape);
  // What calls of the feature took beats a factor, and is beaten by the model's own tokenizer.
  const isBetter = count !== null && (estimate.input.method !== 'learned' || !usesFactor(count));
  if (isBetter) {
    const { tokens: expected, bound, method } = count;
    estimate = estimator.estimate({ ...shape, counted: { expected, bound, method } });
  }
  const { input, output, cost, demand } = estimate;
  const { mean, q50, q95, q99, basis, calls } = output;
  const whole = Math.ceil;
  return {
    provider,
    model,
    input: {
      ...input,
      estimated: !isBetter || count.estimated,
      parts: isBetter ? count.parts : null,
      notes: [...(problem === null ? [] : [problem]), ...(isBetter ? count.notes : [])],
    },
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

function usesFactor({ method, ownTokenizer }: InputCount): boolean {
  return method === 'tokenizer' && !ownTokenizer;
}

/** Sizes of the request as clients send it: without the blanks that a file may have. */
function sizesOf(
  request: Record<string, unknown>,
  viewer: Target,
): Pick<CallShape, 'textBytes' | 'fileTokens'> {
  const body = Buffer.from(JSON.stringify(request));
  const { bytes, tokens } = inlineFiles(body, viewer);
  return { textBytes: body.length - bytes, fileTokens: tokens };
}

function maxOutputOf(request: Record<string, unknown>): number | null {
  const generation = request['generationConfig'] as Record<string, unknown> | undefined;
  const inference = request['inferenceConfig'] as Record<string, unknown> | undefined;
  const stated = [
    request['max_completion_tokens'],
    request['max_output_tokens'],
    request['max_tokens'],
    generation?.['maxOutputTokens'],
    inference?.['maxTokens'],
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
  const bySource = promptTokens(sizes, tokens);
  const sources = promptSources
    .map((source) => {
      const count = bySource[source] ?? 0;
      return { source, tokens: count, share: tokens === 0 ? 0 : count / tokens };
    })
    .filter(({ tokens: count }) => count > 0)
    .sort((a, b) => b.tokens - a.tokens);
  if (sources.length === 0) return null;
  const lever = largestLever(
    sources.map(({ source, share }) => ({ source, share, cost_share: null, usd: null })),
  );
  return {
    sources,
    lever: lever === null ? null : { source: lever.source, advice: lever.advice },
  };
}

function priceOf({ usd }: ModelEstimate): number {
  return usd === null ? Number.POSITIVE_INFINITY : Number(usd.expected);
}
