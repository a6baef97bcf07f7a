import { countMessageTokens } from './anthropic/count-tokens.js';
import { createMessage } from './anthropic/messages.js';
import type { ProviderName } from './books.js';
import { rerank } from './cohere/rerank.js';
import type { Handler } from './exchange.js';
import { countContentTokens } from './gemini/count-tokens.js';
import { describeModel, embedContent } from './gemini/embed.js';
import { generateContent } from './gemini/generate.js';
import { chatCompletion } from './openai/chat.js';
import { embeddings } from './openai/embeddings.js';
import { countResponseTokens } from './openai/input-tokens.js';
import { listModels } from './openai/models.js';
import { createResponse } from './openai/responses.js';
import { speech } from './openai/speech.js';
import { completion } from './openai/completion.js';
import { images } from './openai/images.js';
import { moderations } from './openai/moderations.js';
import { transcription } from './openai/transcription.js';

export interface Route {
  provider: ProviderName;
  /** The model where the path names it. */
  model?: string;
  handler: Handler;
}

const fixed: Record<string, Route> = {
  'POST /v1/chat/completions': { provider: 'openai', handler: chatCompletion },
  'POST /v1/responses': { provider: 'openai', handler: createResponse },
  'POST /v1/responses/input_tokens': { provider: 'openai', handler: countResponseTokens },
  'POST /v1/embeddings': { provider: 'openai', handler: embeddings },
  'POST /v1/completions': { provider: 'openai', handler: completion },
  'POST /v1/images/generations': { provider: 'openai', handler: images('image.generation') },
  'POST /v1/images/edits': { provider: 'openai', handler: images('image.edit') },
  'POST /v1/images/variations': { provider: 'openai', handler: images('image.variation') },
  'POST /v1/audio/speech': { provider: 'openai', handler: speech },
  'POST /v1/audio/transcriptions': { provider: 'openai', handler: transcription },
  'POST /v1/audio/translations': { provider: 'openai', handler: transcription },
  'POST /v1/moderations': { provider: 'openai', handler: moderations },
  'POST /v1/rerank': { provider: 'cohere', handler: rerank },
  'POST /v2/rerank': { provider: 'cohere', handler: rerank },
  'GET /v1/models': { provider: 'openai', handler: listModels },
  'POST /v1/messages': { provider: 'anthropic', handler: createMessage },
  'POST /v1/messages/count_tokens': { provider: 'anthropic', handler: countMessageTokens },
};

const geminiPath = /^\/v1(beta|alpha)?\/models\/([^/:]+)(?::([A-Za-z]+))?$/;

/** Finds what answers a request; undefined for a path that no provider has. */
export function findRoute(method: string, path: string): Route | undefined {
  const route = fixed[`${method} ${path}`];
  if (route !== undefined) return route;
  const [, version, model, verb] = geminiPath.exec(path) ?? [];
  // `/v1/models/{model}` without a verb is OpenAI's, and this OpenAI only lists.
  if (model === undefined || (version === undefined && verb === undefined)) return undefined;
  const handler = geminiHandler(method, model, verb);
  return handler === undefined ? undefined : { provider: 'gemini', model, handler };
}

function geminiHandler(
  method: string,
  model: string,
  verb: string | undefined,
): Handler | undefined {
  if (method === 'GET') return verb === undefined ? describeModel(model) : undefined;
  if (method !== 'POST') return undefined;
  switch (verb) {
    case 'generateContent':
      return generateContent(model, false);
    case 'streamGenerateContent':
      return generateContent(model, true);
    case 'countTokens':
      return countContentTokens;
    case 'embedContent':
      return embedContent(model, false);
    case 'batchEmbedContents':
      return embedContent(model, true);
    default:
      return undefined;
  }
}

/** Whose manners to use when no route tells: the mount, the path, or the headers a client sends. */
export function providerOf(
  mount: ProviderName | undefined,
  path: string,
  headers: Record<string, unknown>,
): ProviderName {
  if (mount !== undefined) return mount;
  if (/^\/v1(?:beta|alpha)(?:\/|$)/.test(path)) return 'gemini';
  if (path.startsWith('/v2/')) return 'cohere';
  if (path.startsWith('/v1/messages') || path.startsWith('/v1/organizations')) return 'anthropic';
  return 'anthropic-version' in headers ? 'anthropic' : 'openai';
}
