/** An answer of the control plane that is not the one asked for, or no answer (`status` 0). */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.code = code;
  }
}

async function request<Answer>(path: string, init: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new RequestError(
      0,
      'unreachable',
      'The control plane does not answer. Check that `farthing up` (or `farthing ledger`) is running.',
    );
  }
  if (response.ok) return (await response.json()) as Answer;
  const body: unknown = await response.json().catch(() => null);
  const problem = (body as { error?: { code?: string; message?: string } } | null)?.error;
  throw new RequestError(
    response.status,
    problem?.code ?? `http_${response.status}`,
    problem?.message ?? `The control plane answered with HTTP ${response.status}.`,
  );
}

export const get = <Answer>(path: string, signal: AbortSignal): Promise<Answer> =>
  request<Answer>(path, { signal, headers: { accept: 'application/json' } });

export const post = <Answer>(path: string, body: unknown, signal: AbortSignal): Promise<Answer> =>
  request<Answer>(path, { ...withBody('POST', body), signal });

/** Changes something. It is never aborted: what was sent may have been done. */
export const change = <Answer>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> =>
  request<Answer>(
    path,
    body === undefined
      ? { method, headers: { accept: 'application/json' } }
      : withBody(method, body),
  );

const withBody = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json', accept: 'application/json' },
  body: JSON.stringify(body),
});
