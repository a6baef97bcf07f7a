import { FarthingError } from '@farthing/core';
import { isProcessAlive, readControlFile } from '../../control/control-file.js';
import type { CliContext } from '../context.js';

const probeMilliseconds = 2000;

/** A running control plane, as commands talk to it. */
export class ControlPlane {
  readonly url: string;
  readonly version: string;
  readonly #token: string | undefined;

  constructor(url: string, version: string, token: string | undefined) {
    this.url = url.replace(/\/+$/, '');
    this.version = version;
    this.#token = token;
  }

  async get(path: string, signal?: AbortSignal): Promise<unknown> {
    return (await this.fetch(path, signal === undefined ? {} : { signal })).json();
  }

  async post(path: string, body: string, contentType = 'application/json'): Promise<unknown> {
    const response = await this.fetch(path, {
      method: 'POST',
      body,
      headers: { 'content-type': contentType },
    });
    return response.json();
  }

  /** Rejects with the control plane's own message when it refuses. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#token !== undefined) headers.set('authorization', `Bearer ${this.#token}`);
    let response: Response;
    try {
      response = await fetch(this.url + path, { ...init, headers });
    } catch (error) {
      if (init.signal?.aborted === true) throw error;
      throw new FarthingError(
        'control_plane_unreachable',
        `The control plane at ${this.url} does not answer: ${causeOf(error)}.`,
        { cause: error },
      );
    }
    if (!response.ok) throw await refusal(response, this.url);
    return response;
  }
}

/**
 * The control plane that serves the data directory, or null when none runs. One that was named by
 * hand must answer: reading local files instead would answer another question.
 */
export async function findControlPlane(context: CliContext): Promise<ControlPlane | null> {
  if (context.controlUrl !== undefined) {
    const version = await probe(context.controlUrl);
    if (version !== null) return new ControlPlane(context.controlUrl, version, context.token);
    throw new FarthingError(
      'control_plane_unreachable',
      `No control plane answers at ${context.controlUrl}. Check --url (or FARTHING_URL), or leave it out to use the data directory ${context.dataDirectory}.`,
    );
  }
  const control = readControlFile(context.dataDirectory);
  if (control === null || !isProcessAlive(control.pid)) return null;
  const version = await probe(control.url);
  return version === null ? null : new ControlPlane(control.url, version, context.token);
}

/** The version of the control plane at this address; null when nothing answers like one. */
async function probe(url: string): Promise<string | null> {
  try {
    const response = await fetch(new URL('/healthz', url), {
      signal: AbortSignal.timeout(probeMilliseconds),
    });
    const body: unknown = response.ok ? await response.json() : null;
    return typeof body === 'object' && body !== null && 'version' in body
      ? String(body.version)
      : null;
  } catch {
    return null;
  }
}

async function refusal(response: Response, url: string): Promise<FarthingError> {
  if (response.status === 401) {
    return new FarthingError(
      'unauthorized',
      `The control plane at ${url} needs its token. Set FARTHING_TOKEN or control.token in farthing.yaml.`,
    );
  }
  const body = (await response.json().catch(() => null)) as {
    error?: { code?: string; message?: string };
  } | null;
  return new FarthingError(
    body?.error?.code ?? 'control_plane_error',
    body?.error?.message ?? `The control plane at ${url} answered with status ${response.status}.`,
  );
}

function causeOf(error: unknown): string {
  const cause = (error as { cause?: unknown }).cause ?? error;
  return cause instanceof Error ? cause.message || String(cause) : String(cause);
}
