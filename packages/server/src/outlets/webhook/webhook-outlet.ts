import { entryEvent, type Entry } from '@farthing/core';
import { openPoster, signatureHeader } from '../../webhook/index.js';
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
 * `POST {"event": "llm.cost.tracked", "entries": […]}`, signed where there is a secret. Any status of
 * 200 to 299 is taken as received. `idempotency-key` is the same when a batch is sent again; so are the
 * entries' ids.
 */
export function openWebhookOutlet(options: WebhookOptions): Outlet {
  const { url, secret, now = Date.now, timeoutMilliseconds = 10_000 } = options;
  const poster = openPoster({ url, timeoutMilliseconds });
  return {
    async write(entries: readonly Entry[]) {
      const body = JSON.stringify({ event: entryEvent, entries });
      const answer = await poster.post(body, {
        ...options.headers,
        'idempotency-key': `${entries[0]!.id}-${entries.at(-1)!.id}-${entries.length}`,
        ...signatureHeader(secret, Math.floor(now() / 1000), body),
      });
      if (answer.ok) return;
      throw answer.mayPass ? new Error(answer.summary) : new OutletRefused(answer.summary);
    },
    close: () => poster.close(),
  };
}
