import { type CallContext, type MeteredApi, meteredApi, unmetered } from '@farthing/core';
import type { Provider } from './providers.js';

/** Where a request goes and whether it is metered. */
export interface Route extends MeteredApi {
  provider: Provider;
  /** Path and query for the provider. */
  upstreamPath: string;
  /** Path without query, for the record. */
  path: string;
  /** What the configuration and the path say that sets the price. */
  context: CallContext | undefined;
  /** The file or batch whose content is fetched, which may be the results of a batch; null otherwise. */
  batch: string | null;
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
  const metered = method === 'POST' ? meteredApi(provider.family, target) : unmetered;
  return {
    provider,
    path: rest,
    upstreamPath: queryAt < 0 ? target : target + url.slice(queryAt),
    api: metered.api,
    model: metered.model,
    streamPath: metered.streamPath,
    context: provider.hasLocations ? contextOnVertex(provider, target) : provider.context,
    batch: method === 'GET' ? batchOf(target) : null,
  };
}

/** Where results of batches are fetched from: OpenAI's files, Anthropic's batches. */
function batchOf(path: string): string | null {
  if (!path.endsWith('/content') && !path.endsWith('/results')) return null;
  return (
    /\/(?:files\/([^/]+)\/content|messages\/batches\/([^/]+)\/results)$/
      .exec(path)
      ?.slice(1)
      .find((id) => id !== undefined) ?? null
  );
}

/** Google's models cost by location, which a path of Vertex names (`/v1/projects/p/locations/europe-west1/…`). */
function contextOnVertex({ context }: Provider, path: string): CallContext | undefined {
  if (!path.includes('/locations/')) return context;
  const location = /\/locations\/([^/]+)\//.exec(path)?.[1];
  return location === undefined ? context : { ...context, endpoint: 'vertex', location };
}

/** `/openai/v1` + `/v1/models` is `/openai/v1/models`: clients differ in whether they repeat the version. */
export function joinPaths(base: string, rest: string): string {
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
