import { readUsage, type UsageReading } from '@farthing/core';
import type { MeteredCall } from '../call/metered-call.js';
import { isAbort } from '../fetch/answer.js';
import { integration, openFrameworkCall, type IntegrationOptions } from './framework-call.js';

export type { IntegrationOptions } from './framework-call.js';

/** Calls under way at most: what a framework never ends must not fill the memory. */
const mostCalls = 10_000;

interface Message {
  id?: string;
  usage_metadata?: unknown;
  response_metadata?: unknown;
}

interface Result {
  generations: readonly (readonly { message?: unknown; text?: string }[])[];
  llmOutput?: Record<string, unknown> | undefined;
}

/**
 * A callback handler for LangChain (`callbacks: [farthingHandler()]`): every call of a model or chat
 * model is booked, with the run's tags. LangChain tells callbacks after the fact, so that budgets in
 * the process count these calls, and do not stop them.
 */
export interface FarthingHandler {
  readonly name: 'farthing';
  /** Callbacks are awaited: what they book is booked when the call returns. */
  readonly awaitHandlers: true;
  handleChatModelStart(
    model: unknown,
    messages: unknown,
    runId: string,
    parentRunId?: string,
    extraParams?: Record<string, unknown>,
    tags?: string[],
    metadata?: Record<string, unknown>,
  ): Promise<void>;
  handleLLMStart: FarthingHandler['handleChatModelStart'];
  handleLLMEnd(output: Result, runId: string): Promise<void>;
  handleLLMError(error: unknown, runId: string): Promise<void>;
}

export function farthingHandler(options: IntegrationOptions = {}): FarthingHandler {
  const { meter, tags } = integration(options);
  const open = new Map<string, { call: MeteredCall; provider: string }>();

  const start: FarthingHandler['handleChatModelStart'] = async (
    _model,
    messages,
    runId,
    _parentRunId,
    extraParams,
    _tags,
    metadata,
  ) => {
    const invocation = (extraParams?.['invocation_params'] ?? {}) as Record<string, unknown>;
    const provider = text(metadata?.['ls_provider']) ?? 'unknown';
    const call = await openFrameworkCall(meter(), tags, {
      provider,
      model: text(metadata?.['ls_model_name']) ?? text(invocation['model']) ?? '',
      api: 'langchain',
      stream: invocation['stream'] === true,
      request: messages,
    }).catch(() => null);
    if (call === null) return;
    if (open.size >= mostCalls) take(open.keys().next().value!)?.call.aborted(null);
    open.set(runId, { call, provider });
  };

  function take(runId: string): { call: MeteredCall; provider: string } | undefined {
    const known = open.get(runId);
    open.delete(runId);
    return known;
  }

  return {
    name: 'farthing',
    awaitHandlers: true,
    handleChatModelStart: start,
    handleLLMStart: start,
    async handleLLMEnd(output, runId) {
      const known = take(runId);
      if (known === undefined) return;
      await known.call.answered(200, false);
      const reading = readingOf(output, known.provider);
      known.call.ended({ reading, errorType: null, seenTokens: 0 });
    },
    async handleLLMError(error, runId) {
      const known = take(runId);
      if (known === undefined) return;
      const status = (error as { status?: unknown } | null)?.status;
      if (isAbort(error)) return known.call.aborted(null);
      if (typeof status === 'number' && status >= 400) await known.call.answered(status, false);
      known.call.failed(error, null);
    },
  };
}

/** A prompt has one answer; of several prompts in one call LangChain sums the usage in `llmOutput`. */
function readingOf({ generations, llmOutput }: Result, provider: string): UsageReading {
  const message = generations[0]?.[0]?.message as Message | undefined;
  if (message?.usage_metadata !== undefined) {
    return readUsage({ provider, api: 'langchain', payload: message });
  }
  const summed = llmOutput?.['tokenUsage'] as
    | { promptTokens?: number; completionTokens?: number; totalTokens?: number }
    | undefined;
  if (summed?.promptTokens === undefined) {
    return { status: 'no_usage', reason: 'LangChain reports no usage for this model' };
  }
  const usage_metadata = {
    input_tokens: summed.promptTokens,
    output_tokens: summed.completionTokens ?? 0,
    total_tokens: summed.totalTokens ?? summed.promptTokens + (summed.completionTokens ?? 0),
  };
  return readUsage({ provider, api: 'langchain', payload: { usage_metadata } });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
