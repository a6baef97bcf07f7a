import type { ApiFamily, Provider } from './providers.js';

/** Where a request goes and whether it is metered. */
export interface Route {
  provider: Provider;
  /** Path and query for the provider. */
  upstreamPath: string;
  /** Path without query, for the record. */
  path: string;
  /** The API whose usage is read; null for paths that pass through unmetered. */
  api: string | null;
  /** Model named by the path (Gemini); null when the body names it. */
  model: string | null;
  /** True when the path alone says that the answer is a stream (Gemini). */
  streamPath: boolean;
}

const barePaths: [RegExp, string][] = [
  [/^\/v1\/messages(\/|$)/, 'anthropic'],
  [/^\/v1beta\//, 'gemini'],
  [/^\/v1\//, 'openai'],
];

/**
 * Finds the provider of a path: `/<provider>/…` for each configured one, and bare `/v1/…` for
 * clients whose base URL is the gateway itself. Null when no provider owns the path.
 */
export function matchRoute(
  method: string,
  url: string,
  providers: ReadonlyMap<string, Provider>,
): Route | null {
  const queryAt = url.indexOf('?');
  const path = queryAt < 0 ? url : url.slice(0, queryAt);
  const slash = path.indexOf('/', 1);
  const prefixed = slash < 0 ? undefined : providers.get(path.slice(1, slash));
  const provider =
    prefixed ?? providers.get(barePaths.find(([pattern]) => pattern.test(path))?.[1] ?? '');
  if (provider === undefined) return null;
  const rest = prefixed === undefined ? path : path.slice(slash);
  const target = joinPaths(provider.basePath, rest);
  return {
    provider,
    path: rest,
    upstreamPath: queryAt < 0 ? target : target + url.slice(queryAt),
    ...(method === 'POST' ? meteredApi(provider.family, rest) : unmetered),
  };
}

type MeteredApi = Pick<Route, 'api' | 'model' | 'streamPath'>;
const unmetered: MeteredApi = { api: null, model: null, streamPath: false };

function meteredApi(family: ApiFamily, path: string): MeteredApi {
  if (family === 'gemini') return geminiApi(path);
  if (family === 'anthropic') {
    return path.endsWith('/messages') ? { ...unmetered, api: 'messages' } : unmetered;
  }
  if (path.endsWith('/chat/completions')) return { ...unmetered, api: 'chat.completions' };
  if (path.endsWith('/responses')) return { ...unmetered, api: 'responses' };
  if (path.endsWith('/embeddings')) return { ...unmetered, api: 'embeddings' };
  // Compatible servers offer Anthropic's API beside their own.
  if (path.endsWith('/messages')) return { ...unmetered, api: 'messages' };
  return unmetered;
}

function geminiApi(path: string): MeteredApi {
  const match = /\/models\/([^/:]+):(generateContent|streamGenerateContent|embedContent)$/.exec(
    path,
  );
  if (match === null) return unmetered;
  const [, model = '', action = ''] = match;
  return {
    api: action === 'embedContent' ? 'embedContent' : 'generateContent',
    model: decodeURIComponent(model),
    streamPath: action === 'streamGenerateContent',
  };
}

/** `/openai/v1` + `/v1/models` is `/openai/v1/models`: clients differ in whether they repeat the version. */
function joinPaths(base: string, rest: string): string {
  if (base === '') return rest;
  const version = /\/v\d+[a-z0-9]*$/.exec(base)?.[0];
  if (version !== undefined && (rest === version || rest.startsWith(`${version}/`))) {
    return base + rest.slice(version.length);
  }
  return base + rest;
}

/** Whether a path climbs (`..`), plainly or encoded: with a base path it would leave the provider's part. */
export function hasDotSegment(url: string): boolean {
  const path = url.split('?', 1)[0]!;
  return (
    (path.includes('.') || path.includes('%')) && /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(path)
  );
}
