import { noCounts, type Counts } from '../billing.js';
import { draftAnswer } from '../draft.js';
import type { Exchange, Reply } from '../exchange.js';
import { listAt, numberAt, objectAt, textAt, type JsonObject } from '../json.js';
import { profileOf } from '../model-profile.js';
import { useImplicitCache } from '../prefix-cache.js';
import { reportedUsage } from '../usage-report.js';
import { geminiError } from './errors.js';
import {
  endsWithFunctionResponse,
  functionTools,
  readPrompt,
  thinkingEffort,
  toolChoiceOf,
  type Prompt,
} from './prompt.js';
import { plainResponse, streamFrames, type Generation } from './response.js';

/** What an explicit cache (`cachedContent`) holds when the request does not say. */
const explicitCacheTokens = 4_096;

/** POST /v1beta/models/{model}:generateContent and :streamGenerateContent. */
export function generateContent(model: string, stream: boolean): (exchange: Exchange) => Reply {
  return (exchange) => {
    const { body, directives } = exchange;
    if (listAt(body, 'contents').length === 0) {
      return geminiError(400, '* GenerateContentRequest.contents: contents is not specified\n');
    }
    const prompt = readPrompt(body);
    const random = exchange.randomFor(model, prompt.text);
    const config = objectAt(body, 'generationConfig');
    const profile = profileOf(model);
    const draft = draftAnswer({
      profile,
      directives,
      random,
      maxOutput: numberAt(config, 'maxOutputTokens'),
      effort: thinkingEffort(config),
      tools: functionTools(body),
      toolChoice: toolChoiceOf(body),
      schema: answerSchema(config),
      afterToolResult: endsWithFunctionResponse(body),
    });
    const counts = { ...inputCounts(exchange, model, prompt), output: draft.output };
    const prompted = counts.input_uncached + counts.cache_read;
    const media = Math.min(prompt.mediaTokens, prompted);
    const generation: Generation = {
      draft,
      model,
      responseId: random.characters(22),
      thoughts: objectAt(config, 'thinkingConfig')['includeThoughts'] === true,
      usage: (candidates) =>
        reportedUsage(
          {
            promptTokenCount: prompted,
            ...(candidates > 0 ? { candidatesTokenCount: candidates } : {}),
            totalTokenCount: prompted + candidates + draft.reasoning,
            ...(counts.cache_read > 0 ? { cachedContentTokenCount: counts.cache_read } : {}),
            promptTokensDetails: [
              { modality: 'TEXT', tokenCount: prompted - media },
              ...(media > 0 ? [{ modality: 'IMAGE', tokenCount: media }] : []),
            ],
            ...(counts.cache_read > 0
              ? { cacheTokensDetails: [{ modality: 'TEXT', tokenCount: counts.cache_read }] }
              : {}),
            ...(draft.reasoning > 0 ? { thoughtsTokenCount: draft.reasoning } : {}),
          },
          directives,
          random,
        ),
    };
    const sse = exchange.query.get('alt') === 'sse';
    return {
      kind: 'answer',
      headers: { vary: 'Origin, X-Origin, Referer', 'x-content-type-options': 'nosniff' },
      contentType: stream && sse ? 'text/event-stream' : 'application/json; charset=UTF-8',
      content: stream
        ? { frames: streamFrames(generation, sse, random) }
        : { plain: plainResponse(generation) },
      posting: {
        at: exchange.now,
        provider: 'gemini',
        api: 'completions',
        keyId: exchange.keyId,
        model,
        tier: 'default',
        geo: 'global',
        counts,
      },
      reportsUsage: true,
      profile,
      random,
    };
  };
}

/** `cachedContent` is read on top of the prompt that is sent; implicit caching works within it. */
function inputCounts(exchange: Exchange, model: string, prompt: Prompt): Counts {
  const { directives } = exchange;
  const explicit =
    textAt(exchange.body, 'cachedContent') === undefined
      ? 0
      : (directives.cachedTokens ?? explicitCacheTokens);
  const total = Math.max(directives.inputTokens ?? prompt.tokens + explicit, explicit);
  const read =
    explicit > 0
      ? explicit
      : directives.seed === undefined && directives.cachedTokens === undefined
        ? useImplicitCache(
            exchange.cache,
            `gemini\n${exchange.keyId}\n${model}`,
            prompt.text,
            total,
            exchange.now,
          ).read
        : Math.min(directives.cachedTokens ?? 0, total);
  return { ...noCounts(), input_uncached: total - read, cache_read: read };
}

function answerSchema(config: JsonObject): unknown {
  if (textAt(config, 'responseMimeType') !== 'application/json') return undefined;
  return (
    config['responseSchema'] ??
    config['responseJsonSchema'] ?? { properties: { answer: { type: 'string' } } }
  );
}
