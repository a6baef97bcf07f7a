export interface PosterOptions {
  url: string;
  /** For a whole exchange, the answer's text included. */
  timeoutMilliseconds: number;
}

/** Posts JSON to one address. */
export interface Poster {
  /**
   * Follows no redirect. Rejects when there is no answer in time; the message names the host alone.
   */
  post(body: string, headers?: Readonly<Record<string, string>>): Promise<PostAnswer>;
  /** Asks something of another address of the same host; `text` is what it answers, taken or not. */
  request(asked: PosterRequest): Promise<PostAnswer>;
  /** Gives up what is under way: it rejects, and keeps no process from ending. */
  close(): Promise<void>;
}

export interface PosterRequest {
  method: 'GET' | 'POST' | 'DELETE';
  url: string;
  body?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
}

export interface PostAnswer {
  ok: boolean;
  status: number;
  /** `<host> answers <status>`: all of an address that may be shown, for paths of webhooks are secrets. */
  summary: string;
  /** Whether the same may be taken later: 408, 429 and 5xx. */
  mayPass: boolean;
  /** What `Retry-After` asks for; null where it does not. */
  retryAfterMilliseconds: number | null;
  /** The beginning of the answer's text; empty when what was posted was taken. */
  text: string;
}

const mostText = 2_000;
/** Of what was asked for. */
const mostAnswer = 1_000_000;

export function openPoster({ url, timeoutMilliseconds }: PosterOptions): Poster {
  const { host } = new URL(url);
  const underWay = new Set<AbortController>();
  const lost = (error: Error): never => {
    throw new Error(`${host} does not answer: ${reasonOf(error)}`, { cause: error });
  };
  const exchange = async (
    { method, url: address, body, headers }: PosterRequest,
    most: number,
    signal: AbortSignal,
  ): Promise<PostAnswer> => {
    const response = await fetch(address, {
      method,
      redirect: 'manual',
      signal,
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'farthing' },
      ...(body === undefined ? {} : { body }),
    }).catch(lost);
    const { ok, status } = response;
    const text = ok && most === 0 ? '' : await beginning(response, most || mostText).catch(lost);
    if (ok && most === 0) await response.body?.cancel();
    return {
      ok,
      status,
      summary: `${host} answers ${status}`,
      mayPass: status >= 500 || status === 429 || status === 408,
      retryAfterMilliseconds: retryAfter(response.headers.get('retry-after')),
      text,
    };
  };
  const inTime = async (asked: PosterRequest, most: number): Promise<PostAnswer> => {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(new Error(tooLate)), timeoutMilliseconds);
    underWay.add(giveUp);
    try {
      return await exchange(asked, most, giveUp.signal);
    } finally {
      clearTimeout(timer);
      underWay.delete(giveUp);
    }
  };
  return {
    post: (body, headers) => inTime({ method: 'POST', url, body, headers }, 0),
    request: (asked) => inTime(asked, mostAnswer),
    close() {
      for (const giveUp of underWay) giveUp.abort(new Error(closed));
      return Promise.resolve();
    },
  };
}

const tooLate = 'no answer in time';
const closed = 'it was given up';

/** An answer that never ends must not fill the memory. */
async function beginning({ body }: Response, most: number): Promise<string> {
  let text = '';
  if (body === null) return text;
  const decoder = new TextDecoder();
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= most) break;
  }
  return text.slice(0, most);
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3). */
function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const at = /^[A-Z][a-z]{2,8},/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}

function reasonOf(error: Error): string {
  if (error.message === tooLate || error.message === closed) return error.message;
  const { cause } = error;
  if (cause instanceof Error) {
    // Several addresses of one host fail as one error without a message.
    return cause.message === ''
      ? ((cause as NodeJS.ErrnoException).code ?? cause.name)
      : cause.message;
  }
  // A message of the client's own may quote the address or a header, which are secrets.
  return 'the request cannot be sent';
}
