import { setTimeout as sleep } from 'node:timers/promises';
import { FarthingError } from '@farthing/core';
import { refusedKey, type FetchedProvider } from './admin-key.js';

export interface PageSource {
  provider: FetchedProvider;
  /** Without a slash at its end. */
  baseUrl: string;
  headers: Readonly<Record<string, string>>;
  /** First wait before a retry; doubled each time. Default 1,000. */
  backoffMilliseconds?: number;
  signal?: AbortSignal;
}

const mostAttempts = 6;
const longestWait = 60_000;
const patience = 60_000;
/** A month by the hour is 5 pages; this many means that the provider does not get on. */
const mostPages = 10_000;

/**
 * All pages of a report, following `next_page`. Repeats on 429, 5xx and broken connections, waiting
 * as long as `retry-after` says or twice as long each time. Null when the endpoint does not exist.
 */
export async function fetchPages(
  source: PageSource,
  path: string,
  parameters: readonly (readonly [string, string])[],
): Promise<unknown[] | null> {
  const pages: unknown[] = [];
  let next: string | null = null;
  do {
    const query = new URLSearchParams();
    for (const [name, value] of parameters) query.append(name, value);
    if (next !== null) query.set('page', next);
    const page = await fetchPage(source, `${path}?${query}`);
    if (page === null) return null;
    pages.push(page);
    const following = page['has_more'] === true ? page['next_page'] : null;
    if (following !== null && (typeof following !== 'string' || following === next)) {
      throw new FarthingError(
        'invalid_report',
        `${source.provider} says that ${path} has more pages but not which one follows.`,
      );
    }
    next = following;
  } while (next !== null && pages.length < mostPages);
  return pages;
}

async function fetchPage(
  source: PageSource,
  path: string,
): Promise<Record<string, unknown> | null> {
  const { provider } = source;
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(source, path);
    // Not `instanceof Response`: a server in this process may have put a class of its own in its place.
    if (!(answer instanceof Error)) {
      if (answer.ok) return readJson(answer, provider);
      if (answer.status === 404) return null;
      if (answer.status === 401 || answer.status === 403) throw refusedKey(provider, answer.status);
      if (answer.status !== 429 && answer.status < 500) throw await refusal(answer, provider, path);
      await answer.body?.cancel();
    }
    if (attempt === mostAttempts) {
      const reason = answer instanceof Error ? answer.message : `status ${answer.status}`;
      throw new FarthingError(
        'provider_unavailable',
        `${provider} does not give its report after ${attempt} attempts (${reason}). Try again later, or save the report to a file and give it with --usage and --costs.`,
      );
    }
    const usual = (source.backoffMilliseconds ?? 1_000) * 2 ** (attempt - 1);
    const told = answer instanceof Error ? 0 : Number(answer.headers.get('retry-after')) * 1000;
    const wait = Math.min(longestWait, Math.max(usual, told || 0));
    await sleep(wait, undefined, source.signal === undefined ? {} : { signal: source.signal });
  }
}

async function ask(source: PageSource, path: string): Promise<Response | Error> {
  const limit = AbortSignal.timeout(patience);
  try {
    return await fetch(source.baseUrl + path, {
      headers: source.headers,
      // A redirect could carry the admin key elsewhere.
      redirect: 'error',
      signal: source.signal === undefined ? limit : AbortSignal.any([limit, source.signal]),
    });
  } catch (error) {
    if (source.signal?.aborted === true) throw error;
    const cause = (error as { cause?: unknown }).cause ?? error;
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}

async function readJson(answer: Response, provider: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = await answer.json();
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Falls through to the same complaint.
  }
  throw new FarthingError(
    'invalid_report',
    `${provider} answered something that is not JSON. Check --base-url.`,
  );
}

/** The provider's own words about a request that it finds wrong. */
async function refusal(answer: Response, provider: string, path: string): Promise<FarthingError> {
  const body = (await answer.json().catch(() => null)) as { error?: { message?: unknown } } | null;
  const words = typeof body?.error?.message === 'string' ? body.error.message.slice(0, 300) : '';
  return new FarthingError(
    'report_refused',
    `${provider} answered ${answer.status} to ${path.split('?')[0]}${words === '' ? '' : `: ${words}`}`,
  );
}
