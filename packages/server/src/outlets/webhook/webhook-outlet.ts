import { createHmac } from 'node:crypto';
import { entryEvent, type Entry } from '@farthing/core';
import { OutletRefused, type Outlet } from '../outlet.js';

export interface WebhookOptions {
  url: string;
  /** Signs every request; at least 16 characters. */
  secret?: string | undefined;
  /** Further headers, e.g. an authorization. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Default 10 seconds. */
  timeoutMilliseconds?: number | undefined;
  /** Milliseconds since the epoch. */
  now?: (() => number) | undefined;
}

/**
 * `POST {"event": "llm.cost.tracked", "entries": […]}`. Any status of 200 to 299 is taken as received.
 *
 * With a secret, `x-farthing-signature: t=<seconds>,v1=<hex>` is the HMAC-SHA-256 of `<seconds>.<body>`:
 * the receiver recomputes it and refuses what is older than a few minutes. `idempotency-key` is the same
 * when a batch is sent again; so are the entries' ids.
 */
export function openWebhookOutlet(options: WebhookOptions): Outlet {
  const { url, secret, now = Date.now, timeoutMilliseconds = 10_000 } = options;
  return {
    async write(entries: readonly Entry[]) {
      const body = JSON.stringify({ event: entryEvent, entries });
      const seconds = Math.floor(now() / 1000);
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMilliseconds),
        headers: {
          ...options.headers,
          'content-type': 'application/json',
          'user-agent': 'farthing',
          'idempotency-key': `${entries[0]!.id}-${entries.at(-1)!.id}-${entries.length}`,
          ...(secret === undefined
            ? {}
            : { 'x-farthing-signature': `t=${seconds},v1=${sign(secret, seconds, body)}` }),
        },
        body,
      }).catch((error: Error) => {
        throw new Error(`${hostOf(url)} does not answer: ${reasonOf(error)}`, { cause: error });
      });
      await response.body?.cancel();
      if (response.ok) return;
      const message = `${hostOf(url)} answers ${response.status}`;
      const mayPass = response.status >= 500 || response.status === 429 || response.status === 408;
      throw mayPass ? new Error(message) : new OutletRefused(message);
    },
    close: () => Promise.resolve(),
  };
}

export function sign(secret: string, seconds: number, body: string): string {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
}

/** Paths of webhooks are often secrets themselves. */
function hostOf(url: string): string {
  return new URL(url).host;
}

function reasonOf(error: Error): string {
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  if (cause instanceof Error) return cause.message;
  // A message of the client's own may quote the address or a header, which are secrets.
  return 'the request cannot be sent';
}
