import { largestContent, type Content } from './content.js';
import { messageOf, sourceProblem } from './problem.js';
import { decode, tooLarge } from './read-file-content.js';

const mostRedirects = 3;

export interface FetchOptions {
  /** For the whole answer, from the first byte sent to the last one received. */
  timeoutMilliseconds: number;
  /** What was fetched before: its server is asked whether it has changed since. */
  known?: Pick<Content, 'etag' | 'lastModified'>;
  signal?: AbortSignal;
}

/**
 * Fetches a price file. Null when the server says that it has not changed. Throws `price_source` when
 * it does not come in time, is an error, a web page, too large or no text; redirects are followed a
 * few times, and the user and password of the URL go to its own host only.
 */
export async function fetchContent(url: string, options: FetchOptions): Promise<Content | null> {
  const timeout = AbortSignal.timeout(options.timeoutMilliseconds);
  const signal =
    options.signal === undefined ? timeout : AbortSignal.any([timeout, options.signal]);
  try {
    const response = await follow(new URL(url), options.known, signal);
    if (response.status === 304) return null;
    refuseWrongAnswer(response);
    const text = decode(await readBody(response));
    if (/^\s*</.test(text)) throw aWebPage();
    return {
      text,
      ...headerOf(response, 'etag', 'etag'),
      ...headerOf(response, 'last-modified', 'lastModified'),
    };
  } catch (error) {
    if (timeout.aborted) {
      const seconds = options.timeoutMilliseconds / 1000;
      throw sourceProblem(`it does not answer within ${seconds} s`, error);
    }
    throw error;
  }
}

async function follow(
  first: URL,
  known: FetchOptions['known'],
  signal: AbortSignal,
): Promise<Response> {
  let url = first;
  for (let redirects = 0; ; redirects++) {
    const { target, headers } = requestOf(url, first, known);
    let response: Response;
    try {
      response = await fetch(target, { headers, signal, redirect: 'manual' });
    } catch (error) {
      throw sourceProblem(`it cannot be reached: ${causeOf(error)}`, error);
    }
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    await response.body?.cancel();
    if (redirects === mostRedirects) {
      throw sourceProblem(`it redirects more than ${mostRedirects} times`);
    }
    url = new URL(location, url);
    if (url.protocol !== 'https:' && url.protocol !== first.protocol) {
      throw sourceProblem(`it redirects to ${url.protocol}//, away from ${first.protocol}//`);
    }
  }
}

/** fetch refuses URLs with a password, so that becomes the header which it stands for. */
function requestOf(url: URL, first: URL, known: FetchOptions['known']) {
  const target = new URL(url);
  target.username = '';
  target.password = '';
  const headers = new Headers({
    accept: 'application/json, application/yaml, text/plain, */*;q=0.1',
  });
  if (first.password + first.username !== '' && url.origin === first.origin) {
    const secret = `${decodeURIComponent(first.username)}:${decodeURIComponent(first.password)}`;
    headers.set('authorization', `Basic ${Buffer.from(secret).toString('base64')}`);
  }
  if (known?.etag !== undefined) headers.set('if-none-match', known.etag);
  if (known?.lastModified !== undefined) headers.set('if-modified-since', known.lastModified);
  return { target, headers };
}

function refuseWrongAnswer(response: Response): void {
  if (!response.ok) throw sourceProblem(`it answers with status ${response.status}`);
  const type = response.headers.get('content-type') ?? '';
  if (/\bx?html\b/i.test(type)) throw aWebPage();
  const length = Number(response.headers.get('content-length') ?? 0);
  if (length > largestContent) throw tooLarge(length);
}

function aWebPage() {
  return sourceProblem(
    'it answers with a web page, not with prices: is that the address of the raw file, and does it need a login?',
  );
}

/** Counts what really comes: a length may be missing, wrong, or that of the packed answer. */
async function readBody(response: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > largestContent) {
        await reader.cancel().catch(() => {});
        throw tooLarge(null);
      }
      parts.push(value);
    }
  } catch (error) {
    if ((error as { code?: string }).code === 'price_source') throw error;
    throw sourceProblem(`its answer breaks off: ${causeOf(error)}`, error);
  }
  return Buffer.concat(parts);
}

function headerOf<Name extends 'etag' | 'lastModified'>(
  response: Response,
  header: string,
  name: Name,
): { [name in Name]?: string } {
  const value = response.headers.get(header);
  return value === null || value.length > 1024
    ? {}
    : ({ [name]: value } as { [name in Name]: string });
}

function causeOf(error: unknown): string {
  return messageOf((error as { cause?: unknown }).cause ?? error);
}
