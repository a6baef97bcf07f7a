import { readUsage, type ReadAnswer, type UsageReading } from '@farthing/core';
import { emptyUsage } from '../empty-usage.js';
import { isAbort } from '../fetch/answer.js';
import type {
  EmbeddingModelMiddleware,
  EmbeddingReported,
  LanguageModelMiddleware,
  Reported,
  SpecificationVersion,
  StreamPart,
} from './ai-specification.js';
import { integration, openFrameworkCall, type IntegrationOptions } from './framework-call.js';
import { watchStream } from './watch-stream.js';

export type {
  EmbeddingModelMiddleware,
  LanguageModelMiddleware,
  SpecificationVersion,
} from './ai-specification.js';
export type { IntegrationOptions } from './framework-call.js';

export interface AiOptions<
  Version extends SpecificationVersion = SpecificationVersion,
> extends IntegrationOptions {
  /**
   * The version of the AI SDK's specification that the middleware says it has: `v3` (AI SDK 6, default)
   * or `v4` (AI SDK 7). It does the same in both; only types look at it.
   */
  specificationVersion?: Version;
}

const api = 'ai-sdk.provider-v3';

/**
 * Middleware for `wrapLanguageModel` of the AI SDK: every call of the model is booked, whole or
 * streamed, with the provider's own usage where the SDK keeps it. Put it innermost (last in a list), so
 * that it sees what leaves. Do not meter the provider's fetch as well: one call would be booked twice.
 */
export function farthingMiddleware<Version extends SpecificationVersion = 'v3'>(
  options: AiOptions<Version> = {},
): LanguageModelMiddleware<Version> {
  const { meter, tags } = integration(options);
  return {
    specificationVersion: versionOf(options),
    async wrapGenerate({ doGenerate, params, model }) {
      const call = await openFrameworkCall(meter(), tags, {
        provider: model.provider,
        model: model.modelId,
        api,
        stream: false,
        request: params.prompt,
        maxOutput: params.maxOutputTokens,
      });
      try {
        const result = await doGenerate();
        await call.answered(200, false);
        call.ended(tapped(readingOf(model.provider, result)));
        return result;
      } catch (error) {
        endInError(call, error);
        throw error;
      }
    },
    async wrapStream({ doStream, params, model }) {
      const call = await openFrameworkCall(meter(), tags, {
        provider: model.provider,
        model: model.modelId,
        api,
        stream: true,
        request: params.prompt,
        maxOutput: params.maxOutputTokens,
      });
      const result = await started(call, doStream);
      const reported: Reported = { response: {} };
      let seenBytes = 0;
      let failed = false;
      const now = () => ({
        ...tapped(readingOf(model.provider, reported)),
        errorType: failed ? 'error' : null,
        seenTokens: Math.ceil(seenBytes / 4),
      });
      return {
        ...result,
        stream: watchStream(result.stream, {
          part(part: StreamPart) {
            if (part.type === 'text-delta' || part.type === 'reasoning-delta') {
              seenBytes += part.delta?.length ?? 0;
            } else if (part.type === 'response-metadata') reported.response = part;
            else if (part.type === 'error') failed = true;
            else if (part.type === 'finish') Object.assign(reported, part);
          },
          ended: () => call.ended(now()),
          left: () => call.aborted(now()),
          broke: (error) => (isAbort(error) ? call.aborted(now()) : call.failed(error, now())),
        }),
      };
    },
  };
}

/** Middleware for `wrapEmbeddingModel` of the AI SDK. */
export function farthingEmbeddingMiddleware<Version extends SpecificationVersion = 'v3'>(
  options: AiOptions<Version> = {},
): EmbeddingModelMiddleware<Version> {
  const { meter, tags } = integration(options);
  return {
    specificationVersion: versionOf(options),
    async wrapEmbed({ doEmbed, params, model }) {
      const call = await openFrameworkCall(meter(), tags, {
        provider: model.provider,
        model: model.modelId,
        api: 'embeddings',
        stream: false,
        request: params.values,
      });
      try {
        const result = await doEmbed();
        await call.answered(200, false);
        call.ended(tapped(readingOfEmbeddings(result)));
        return result;
      } catch (error) {
        endInError(call, error);
        throw error;
      }
    },
  };
}

/** A stream that has begun, or the end of the call where it has not. */
async function started<Result>(call: Ending, doStream: () => PromiseLike<Result>): Promise<Result> {
  try {
    const result = await doStream();
    await call.answered(200, true);
    return result;
  } catch (error) {
    endInError(call, error);
    throw error;
  }
}

function versionOf<Version extends SpecificationVersion>({
  specificationVersion = 'v3' as Version,
}: AiOptions<Version>): Version {
  return specificationVersion;
}

function readingOf(
  provider: string,
  { usage, providerMetadata, response }: Reported,
): UsageReading {
  const reading: UsageReading =
    usage === undefined
      ? { status: 'no_usage', reason: 'the stream ended before its last part' }
      : readUsage({ provider, api, payload: { usage, providerMetadata } });
  if (response?.modelId !== undefined) reading.model = response.modelId;
  if (response?.id !== undefined) reading.response_id = response.id;
  return reading;
}

function readingOfEmbeddings({ usage }: EmbeddingReported): UsageReading {
  if (usage === undefined || !Number.isSafeInteger(usage.tokens) || usage.tokens < 0) {
    return { status: 'no_usage', reason: 'the answer states no tokens' };
  }
  const own = emptyUsage();
  own.tokens.input_uncached = usage.tokens;
  return { status: 'ok', usage: { ...own, raw: { tokens: usage.tokens } } };
}

function tapped(reading: UsageReading): ReadAnswer {
  return { reading, errorType: null, seenTokens: 0 };
}

interface Ending {
  answered(status: number, streams: boolean): unknown;
  aborted(tapped: null): void;
  failed(error: unknown, tapped: null): void;
}

/** The AI SDK's errors of a provider's answer know its status. */
function endInError(call: Ending, error: unknown): void {
  if (isAbort(error)) return call.aborted(null);
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === 'number' && status >= 400) call.answered(status, false);
  call.failed(error, null);
}
