/** Whose paths and shapes an endpoint speaks. */
export type ApiFamily = 'openai' | 'anthropic' | 'gemini' | 'bedrock';

/** What a path says about the call. */
export interface MeteredApi {
  /** The API as core's registry names it; null for paths that pass through unmetered. */
  api: string | null;
  /** Model named by the path (Gemini, Bedrock); null when the body names it. */
  model: string | null;
  /** True when the path alone says that the answer is a stream. */
  streamPath: boolean;
}

export const unmetered: MeteredApi = { api: null, model: null, streamPath: false };

const named = (api: string): MeteredApi => ({ api, model: null, streamPath: false });
const chatCompletions = named('chat.completions');
const responses = named('responses');
const embeddings = named('embeddings');
const messages = named('messages');

/**
 * Further APIs by the end of their path, the longer ending first. Providers that share a path share
 * its reading too, except where core tells them apart by name (rerank: Cohere bills searches, others
 * tokens). Mistral's fill-in-the-middle and agents are completions as well.
 */
const otherEndings: readonly (readonly [ending: string, metered: MeteredApi])[] = [
  ['/completions', named('completions')],
  ['/responses/compact', responses],
  ['/images/generations', named('images.generations')],
  ['/images/edits', named('images.edits')],
  ['/images/variations', named('images')],
  ['/audio/transcriptions', named('audio.transcriptions')],
  ['/audio/translations', named('audio.translations')],
  ['/audio/speech', named('audio.speech')],
  ['/moderations', named('moderations')],
  ['/v2/rerank', named('rerank.v2')],
  ['/rerank', named('rerank')],
  ['/v2/chat', named('chat.v2')],
  ['/v1/chat', named('chat.v1')],
  ['/v2/embed', named('embed.v2')],
  ['/v1/embed', named('embed.v2')],
  ['/ocr', named('ocr')],
  ['/interactions', named('interactions')],
];

/** The API that a POST to `path` (the provider's own, without query) calls. */
export function meteredApi(family: ApiFamily, path: string): MeteredApi {
  if (family === 'openai') {
    if (path.endsWith('/chat/completions')) return chatCompletions;
    if (path.endsWith('/responses')) return responses;
    if (path.endsWith('/embeddings')) return embeddings;
  } else if (family === 'anthropic') {
    if (path.endsWith('/messages')) return messages;
  } else {
    const own = family === 'gemini' ? geminiApi(path) : bedrockApi(path);
    if (own !== null) return own;
  }
  return sharedApi(path);
}

/** Nearly every provider offers OpenAI's API beside its own, and some Anthropic's. */
function sharedApi(path: string): MeteredApi {
  if (path.endsWith('/chat/completions')) return chatCompletions;
  if (path.endsWith('/responses')) return responses;
  if (path.endsWith('/embeddings')) return embeddings;
  // With its version, because OpenAI's threads have messages too.
  if (path.endsWith('/v1/messages')) return messages;
  for (const [ending, metered] of otherEndings) if (path.endsWith(ending)) return metered;
  return unmetered;
}

/** `…/models/gemini-2.5-pro:generateContent`, under `tunedModels`, `endpoints` and Vertex's publishers too. */
function geminiApi(path: string): MeteredApi | null {
  const slash = path.lastIndexOf('/');
  const colon = path.indexOf(':', slash);
  if (colon < 0) return null;
  const action = path.slice(colon + 1);
  const model = decode(path.slice(slash + 1, colon));
  const api = geminiActionApi(action, model, path);
  return api === null ? unmetered : { api, model, streamPath: action.startsWith('stream') };
}

function geminiActionApi(action: string, model: string, path: string): string | null {
  switch (action) {
    case 'generateContent':
    case 'streamGenerateContent':
      return 'generateContent';
    case 'embedContent':
    case 'batchEmbedContents':
      return 'embedContent';
    case 'predict':
      if (model.startsWith('imagen')) return 'images';
      return model.includes('embedding') ? 'embedContent' : null;
    case 'rawPredict':
    case 'streamRawPredict':
      // Claude on Vertex; its token counter is a model of that name and free.
      return path.includes('/publishers/anthropic/') && model !== 'count-tokens'
        ? 'messages'
        : null;
    default:
      return null;
  }
}

const bedrockActions: Readonly<Record<string, readonly [api: string, streams: boolean]>> = {
  converse: ['converse', false],
  'converse-stream': ['converseStream', true],
  invoke: ['invokeModel', false],
  'invoke-with-response-stream': ['invokeModelWithResponseStream', true],
};

function bedrockApi(path: string): MeteredApi | null {
  const match = /\/model\/([^/]+)\/([a-z-]+)$/.exec(path);
  if (match === null) return null;
  const [, model = '', action = ''] = match;
  const known = Object.hasOwn(bedrockActions, action) ? bedrockActions[action] : undefined;
  if (known === undefined) return unmetered;
  return { api: known[0], model: decode(model), streamPath: known[1] };
}

/** The deployment in a path of Azure OpenAI: the name that stands for the model there. */
export function azureDeployment(path: string): string | null {
  const name = /\/deployments\/([^/]+)\//.exec(path)?.[1];
  return name === undefined ? null : decode(name);
}

/** Callers may send anything; what does not decode stays as it is. */
function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
